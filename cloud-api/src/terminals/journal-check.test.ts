import fc from 'fast-check';
import { afterEach, describe, expect, it } from 'vitest';
import { newId } from '@gatecast/firmware-protocol';
import { genesisHash } from '@gatecast/firmware-protocol/messages';
import { rowHash } from '@gatecast/firmware-protocol/node';
import { checkBatch } from './journal-check.ts';
import { checksWaitingMax, JournalChecker } from './journal-checker.ts';

const terminal = newId('terminal');

function batchText(rows: number, change: object = {}): string {
  const key = { terminal, epoch: 1, stream: 'door' } as const;
  const made: object[] = [];
  let prev = genesisHash;
  for (let seq = 1; seq <= rows; seq += 1) {
    const row = {
      seq,
      prev,
      kind: 'exit',
      wallMs: seq,
      monoMs: seq,
      boot: 'b',
      clock: 'synced',
      body: {},
      privateHash: null,
    };
    prev = rowHash(key, row as unknown as Parameters<typeof rowHash>[1]);
    made.push(row);
  }
  return JSON.stringify({ v: 1, epoch: 1, stream: 'door', rows: made, head: prev, ...change });
}

const bytes = (text: string): ArrayBuffer => new TextEncoder().encode(text).buffer;
const check = (of: string, text: string) => checkBatch(of, new TextEncoder().encode(text), 'identity');

describe('a batch by itself', () => {
  it('holds together from its first row to its head, in the hashes that it comes with', () => {
    const checked = check(terminal, batchText(3));
    expect('hashes' in checked && checked.hashes).toHaveLength(3);
    expect(check(newId('terminal'), batchText(3)), 'of another terminal').toHaveProperty('chainFault');
    expect(check(terminal, batchText(3, { head: genesisHash }))).toMatchObject({
      chainFault: { seq: 3, fault: 'head-hash' },
    });
  });

  it('is named as none where it is none, whatever the text', () => {
    expect(check(terminal, batchText(0))).toMatchObject({ misfits: [{ path: ['rows'] }] });
    expect(check(terminal, batchText(1).replace('"kind":"exit"', String.raw`"kind":"\u0000"`))).toHaveProperty(
      'misfits',
    );
    fc.assert(fc.property(fc.oneof(fc.string(), fc.json()), (text) => 'misfits' in check(terminal, text)));
  });
});

describe('the thread that checks', () => {
  let checker: JournalChecker;
  afterEach(() => checker.stop());

  it('answers each caller with its own batch', async () => {
    checker = new JournalChecker();
    const lengths = [1, 5, 2, 40, 3];
    const answers = await Promise.all(
      lengths.map((rows) => checker.check(terminal, bytes(batchText(rows)), 'identity')),
    );
    expect(answers.map((checked) => 'hashes' in checked && checked.hashes.length)).toEqual(lengths);
  });

  it('lets no more wait than it should, tells those who wait when it is stopped, and starts again', async () => {
    checker = new JournalChecker();
    const waiting = Array.from({ length: checksWaitingMax }, () =>
      checker.check(terminal, bytes(batchText(1)), 'identity'),
    );
    const settled = Promise.allSettled(waiting);
    await expect(checker.check(terminal, bytes(batchText(1)), 'identity')).rejects.toMatchObject({
      code: 'too-many-requests',
    });
    await checker.stop();
    expect(await settled).toHaveLength(checksWaitingMax);
    expect(await checker.check(terminal, bytes(batchText(1)), 'identity')).toHaveProperty('hashes');
  });
});
