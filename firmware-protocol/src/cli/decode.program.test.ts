import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { toHex } from '../osdp/frame/hex.ts';
import { Peripheral } from '../osdp/pd/peripheral.ts';
import { BOARD, OWN_KEY, security } from '../osdp/pd/wire-panel.fixture.ts';
import { captureLine } from '../osdp/trace/osdpcap.ts';
import { HeardPanel } from '../osdp/trace/heard-panel.fixture.ts';
import { instant } from '../units/time.ts';
import { objects, runProgram } from './program.fixture.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'gatecast-decode-'));
});
afterAll(() => rm(folder, { recursive: true }));

const ownKey = toHex(OWN_KEY);

/** What went over the line while a board got its key, and was opened with it. */
function pairing(): string[] {
  const panel = new HeardPanel(new Peripheral({ ...BOARD, secure: security() }));
  panel.connect('default-key');
  panel.askSealed({ kind: 'keyset', keyType: 1, key: OWN_KEY });
  panel.connect(OWN_KEY);
  panel.askSealed({ kind: 'out', outputs: [{ output: 0, action: 'pulseOn', durationMs: 500 }] });
  return panel.heard.map(({ raw }) => toHex(raw));
}

/** A channel on a key that had been set before. */
function keyed(): string[] {
  const panel = new HeardPanel(new Peripheral({ ...BOARD, secure: security({ key: OWN_KEY, installMode: false }) }));
  panel.connect(OWN_KEY);
  panel.askSealed({ kind: 'id' });
  return panel.heard.map(({ raw }) => toHex(raw));
}

describe('a secure channel', () => {
  test('is followed from the default key to the one that was learnt, and no key is printed', async () => {
    const { code, out, err } = await runProgram('decode', '--json', ...pairing());
    expect(code).toBe(0);
    const frames = objects(out);
    expect(frames).toHaveLength(12);
    expect(frames[4]).toMatchObject({ name: 'KEYSET', mac: 'ok', data: { keyType: 1, key: 'hidden' } });
    expect(frames[10]).toEqual({
      direction: 'command',
      address: 0,
      sequence: expect.any(Number),
      code: 0x68,
      name: 'OUT',
      check: 'ok',
      mac: 'ok',
      data: { outputs: [{ output: 0, action: 'pulseOn', durationMs: 500 }] },
    });
    expect(out + err).not.toContain(ownKey);
  });

  test('is read with a key from the command line or from a file, and not without', async () => {
    const file = join(folder, 'keys.txt');
    await writeFile(file, `# the front door\n\n0=${ownKey}\n`);
    const last = async (...keys: string[]) =>
      objects((await runProgram('decode', '--json', ...keys, ...keyed())).out).at(-1);
    expect(await last()).toMatchObject({ name: 'PDID', mac: 'unknown-key' });
    expect(await last('--key', '00'.repeat(16), '--key', ownKey)).toMatchObject({ name: 'PDID', mac: 'ok' });
    expect(await last('--key-file', file)).toMatchObject({ mac: 'ok', data: { identity: { serial: 7 } } });
    expect(await last('--key', `9=${ownKey}`)).toMatchObject({ mac: 'unknown-key' });
  });

  test('a line of the key file that is no key is named without being repeated', async () => {
    const file = join(folder, 'bad-keys.txt');
    await writeFile(file, `${ownKey}\n${ownKey}F\n`);
    const { code, err } = await runProgram('decode', '--key-file', file, '00');
    expect(code).toBe(2);
    expect(err).toContain('Line 2 of');
    expect(err).not.toContain(ownKey);
  });
});

describe('a capture file', () => {
  test('may cut frames anywhere, and lines that say nothing are named', async () => {
    const file = join(folder, 'torn.osdpcap');
    const at = instant(1_700_000_000_000);
    const pieces = ['53800800', '0540689F', 'FF53000800066089CC'].map((part) =>
      captureLine(at, 'trace', Uint8Array.from(Buffer.from(part, 'hex'))),
    );
    await writeFile(file, [pieces[0], '{"data":', pieces[1], '', pieces[2]].join('\n'));
    const { code, out, err } = await runProgram('decode', '--json', file);
    expect(code).toBe(1);
    expect(err).toBe(`line 2 of ${file} is no OSDPCAP record\n`);
    expect(objects(out)).toMatchObject([{ name: 'ACK' }, { name: 'POLL' }]);
  });

  test('half a frame before a silence does not take the next frame with it', async () => {
    const file = join(folder, 'silence.osdpcap');
    const lines = [
      captureLine(instant(1000), 'trace', Uint8Array.of(0x53, 0, 0x40, 0)),
      captureLine(instant(2000), 'trace', Uint8Array.from(Buffer.from('53800800', 'hex'))),
      captureLine(instant(2010), 'trace', Uint8Array.from(Buffer.from('0540689F', 'hex'))),
    ];
    await writeFile(file, lines.join('\n'));
    const { out, err } = await runProgram('decode', file);
    expect(err).toBe('no frame (silence): 53004000\n');
    expect(out).toBe('←   0 #1 ACK     \n');
  });

  test('that holds no record, or is a folder, is refused', async () => {
    const file = join(folder, 'notes.txt');
    await writeFile(file, 'nothing\n');
    expect(await runProgram('decode', file)).toMatchObject({ code: 2, err: expect.stringContaining('no OSDPCAP') });
    expect(await runProgram('decode', folder)).toMatchObject({ code: 2, err: expect.stringContaining('neither') });
  });
});

test('bytes of one frame may stand apart', async () => {
  const { code, out } = await runProgram('decode', '--json', ...'FF 53 80 08 00 05 40 68 9F'.split(' '));
  expect(code).toBe(0);
  expect(objects(out)).toMatchObject([{ name: 'ACK', check: 'ok' }]);
});
