import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Worker } from 'node:worker_threads';
import { newId } from '@gatecast/firmware-protocol';
import { accessList, genesisHash, healthRows, type ClaimResponse } from '@gatecast/firmware-protocol/messages';
import Database from 'better-sqlite3';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { packList } from '../door/list-index.ts';
import { rowsOfBatch } from '../journal/batch-rows.fixture.ts';
import type { JournalCap } from '../journal/retention.ts';
import type { RowDraft } from '../journal/row-chain.ts';
import { valueKeys } from './snapshot.ts';
import { Store } from './store.ts';

const rawKey = 'A'.repeat(43);
const terminal = newId('terminal');
const claim: ClaimResponse = {
  terminal,
  epoch: 1,
  doorAuthority: { kid: 'door', publicKey: rawKey },
  brokerUrl: 'mqtt://127.0.0.1:1',
  timeKey: { kid: 'time', publicKey: rawKey },
};
const draft = (stream: RowDraft['stream'], n: number, privateData?: RowDraft['privateData']): RowDraft => ({
  stream,
  kind: 'contact',
  body: { n },
  wallMs: 1_000 + n,
  monoMs: n,
  boot: 'boot',
  clock: 'synced',
  ...(privateData && { privateData }),
});

/** One use of a credential that ends at `keepUntil`. */
const pass = (credential: string, keepUntil: number | null) => ({
  credential,
  usesMax: 9,
  at: 1,
  keepUntil,
  row: draft('door', 1),
});
/** An access document as it is after its checks, as far as the store reads it. */
const listOf = (id: string) => {
  const list = accessList.parse({ zone: 'UTC', pinKeys: [], credentials: [], deny: [] });
  const text = new TextEncoder().encode(JSON.stringify({ credentials: [{ id }] })).buffer;
  return { ok: true, version: 1, hash: '', text, value: { kind: 'access', body: packList(list) } } as const;
};

describe('the terminal remembers', () => {
  let dataDir: string;
  let store: Store;
  const open = async (cap?: JournalCap) => {
    store = new Store({ dataDir, ...(cap && { cap }) });
    await store.start();
  };

  beforeEach(() => {
    dataDir = mkdtempSync(join(tmpdir(), 'gatecast-store-'));
  });
  afterEach(async () => {
    await store.stop();
    rmSync(dataDir, { recursive: true });
  });

  it('rows written at once share commits and make one gapless chain', async () => {
    await open();
    await store.saveClaim(claim);
    const written = await Promise.all(
      Array.from({ length: 100 }, (_, n) =>
        store.append(draft('door', n, n % 2 ? { credential: `c${n}` } : undefined)),
      ),
    );
    expect(written.map((row) => row.seq)).toEqual(Array.from({ length: 100 }, (_, n) => n + 1));
    const batch = await store.nextBatch({ stream: 'door', rowsMax: 1_000, bytesMax: 1_000_000 });
    expect(batch).toMatchObject({ from: 1, prev: genesisHash });
    expect(rowsOfBatch({ terminal, epoch: 1, stream: 'door' }, batch)).toHaveLength(100);
  });

  it('rows leave the disk only with their ack, and the sequence goes on after a restart', async () => {
    await open();
    await store.saveClaim(claim);
    for (let n = 0; n < 5; n += 1) await store.append(draft('play', n));
    await store.acknowledge({ stream: 'play', upTo: 3 });
    await store.stop();
    await open();
    expect(await store.nextBatch({ stream: 'play', rowsMax: 10, bytesMax: 1_000_000 })).toMatchObject({
      from: 4,
      to: 5,
    });
    expect(await store.append(draft('play', 6))).toEqual({ seq: 6 });
  });

  it('an ack for rows that were never written deletes nothing', async () => {
    await open();
    await store.saveClaim(claim);
    await store.append(draft('door', 1));
    expect(await store.acknowledge({ stream: 'door', upTo: 9 })).toBe('never-written');
    expect((await store.reached()).door).toEqual({ seq: 1, acked: 0, rows: 1 });
  });

  it('a full journal drops the least valuable rows and names exactly which', async () => {
    await open({ rowsMax: 20, bytesMax: 1_000_000 });
    await store.saveClaim(claim);
    for (let n = 0; n < 10; n += 1) await store.append(draft('door', n));
    for (let n = 0; n < 11; n += 1) await store.append(draft('play', n));
    const { door, play, health } = await store.reached();
    expect(door.rows).toBe(10);
    expect(play.rows).toBeLessThan(11);
    const lost = await store.nextBatch({ stream: 'health', rowsMax: 10, bytesMax: 1_000_000 });
    const [row] = rowsOfBatch({ terminal, epoch: 1, stream: 'health' }, lost);
    expect(row?.kind).toBe('lost');
    expect(row?.body).toMatchObject({ stream: 'play', from: 1, to: 11 - play.rows, count: 11 - play.rows });
    expect(health.rows).toBe(1);
    const backlog = await store.backlog();
    expect(backlog.find(({ stream }) => stream === 'play')).toMatchObject({ rows: play.rows, lost: 11 - play.rows });
    expect(backlog.find(({ stream }) => stream === 'door')).toMatchObject({ rows: 10, oldestAt: 1_000, lost: 0 });
  });

  it('a journal that stays full keeps to its cap, and each row that went is named by rows that are still there', async () => {
    const rowsMax = 20;
    await open({ rowsMax, bytesMax: 1_000_000 });
    await store.saveClaim(claim);
    for (let n = 0; n < 60; n += 1) {
      await store.append(draft('play', n));
      if (n % 4 === 0) await store.append(draft('health', n));
      const { door, play, health } = await store.reached();
      expect(door.rows + play.rows + health.rows).toBeLessThanOrEqual(rowsMax + 2);
    }
    const rowsOf = async (stream: 'play' | 'health') => {
      const batch = await store.nextBatch({ stream, rowsMax: 100, bytesMax: 1_000_000 });
      return rowsOfBatch({ terminal, epoch: 1, stream }, batch);
    };
    const health = await rowsOf('health');
    const losses = health.flatMap((row) => (row.kind === 'lost' ? [healthRows.lost.parse(row.body)] : []));
    const play = await rowsOf('play');
    for (const [stream, first] of [
      ['play', play[0]],
      ['health', health[0]],
    ] as const) {
      const to = (first?.seq ?? 0) - 1;
      expect(losses.filter((loss) => loss.stream === stream)).toMatchObject([
        { from: 1, to, count: to, lastHash: first?.prev },
      ]);
    }
    expect(health[0]?.kind).toBe('lost');
  });

  it('a pass for two openings opens twice, even when three people type it at once', async () => {
    await open();
    await store.saveClaim(claim);
    const use = () =>
      store.useCredential({ credential: 'cred', usesMax: 2, at: 1, keepUntil: null, row: draft('door', 1) });
    const outcomes = await Promise.allSettled([use(), use(), use()]);
    expect(outcomes.map((o) => o.status)).toEqual(['fulfilled', 'fulfilled', 'rejected']);
    expect(outcomes[2]).toMatchObject({ reason: { code: 'used-up' } });
    expect(store.snapshot.uses.get('cred')?.uses).toBe(2);
    expect((await store.reached()).door.seq).toBe(2);
  });

  it('when a pass was first used, and forgets it when that use has opened nothing', async () => {
    await open();
    await store.saveClaim(claim);
    const use = (at: number) => store.useCredential({ ...pass('cred', null), usesMax: null, at });
    await use(500);
    await use(900);
    expect(store.snapshot.uses.get('cred')).toEqual({ uses: 2, firstUsedAt: 500 });
    await store.returnUse('cred');
    expect(store.snapshot.uses.get('cred')).toEqual({ uses: 1, firstUsedAt: 500 });
    await store.returnUse('cred');
    expect(store.snapshot.uses.get('cred')).toEqual({ uses: 0, firstUsedAt: null });
    await use(950);
    await store.stop();
    await open();
    expect(store.snapshot.uses.get('cred')).toEqual({ uses: 1, firstUsedAt: 950 });
  });

  it('the uses of a pass that no list names until it has ended, and of a credential while a list names it', async () => {
    await open();
    await store.saveClaim(claim);
    for (const use of [pass('listed', null), pass('gone', null), pass('code_1', 2_000), pass('code_2', 3_000)])
      await store.useCredential(use);
    await store.savePhoneCounter({ phone: 'listed', counter: 1 });
    await store.savePhoneCounter({ phone: 'gone', counter: 1 });
    await store.setValue(valueKeys.wallHighMs, '2000');
    await store.saveDocument(listOf('listed'));
    expect([...store.snapshot.uses.keys()].sort()).toEqual(['code_2', 'listed']);
    await store.stop();
    await open();
    expect([...store.snapshot.uses.keys()].sort()).toEqual(['code_2', 'listed']);
    expect([...store.snapshot.phoneCounters.keys()]).toEqual(['listed']);
  });

  it('the highest counter of each phone', async () => {
    await open();
    await store.saveClaim(claim);
    for (const counter of [4, 9, 7]) await store.savePhoneCounter({ phone: 'cred_a', counter });
    await store.stop();
    await open();
    expect(store.snapshot.phoneCounters).toEqual(new Map([['cred_a', 9]]));
  });

  it('uses that an older agent counted, which was put back for a while', async () => {
    await open();
    await store.saveClaim(claim);
    await store.useCredential(pass('cred', null));
    await store.stop();
    const db = new Database(join(dataDir, 'terminal.db'));
    db.exec(`INSERT INTO credential_uses (credential, uses) VALUES ('cred', 1), ('other', 1)
      ON CONFLICT (credential) DO UPDATE SET uses = uses + 1 WHERE uses < 9`);
    db.close();
    await open();
    expect([...store.snapshot.uses].map(([credential, { uses }]) => [credential, uses])).toEqual([
      ['cred', 2],
      ['other', 1],
    ]);
  });

  it('a command that is delivered twice is noted once', async () => {
    await open();
    await store.saveClaim(claim);
    const receive = () => store.receiveCommand({ id: 'cmd', row: draft('door', 1) });
    expect(await receive()).toBe('new');
    await store.endCommand({ id: 'cmd', state: 'EXECUTED', reason: null, rows: [] });
    expect(await receive()).toEqual({ state: 'EXECUTED', reason: null });
    expect((await store.reached()).door.seq).toBe(1);
  });

  it('a row that cannot be hashed is the only one that is not written', async () => {
    await open();
    await store.saveClaim(claim);
    const half = { ...draft('door', 1), body: { half: 0.5 } };
    const outcomes = await Promise.allSettled([store.append(draft('door', 1)), store.append(half)]);
    expect(outcomes[0]).toEqual({ status: 'fulfilled', value: { seq: 1 } });
    expect(outcomes[1]).toMatchObject({ status: 'rejected', reason: { name: 'InvariantError' } });
    expect(await store.append(draft('door', 2))).toEqual({ seq: 2 });
  });

  it('is there again after its thread has ended unasked, with all that was on the disk', async () => {
    const threads: Worker[] = [];
    const noted = (thread: Worker) => void threads.push(thread);
    process.on('worker', noted);
    await open();
    await store.saveClaim(claim);
    await store.append(draft('door', 1));
    await threads.at(-1)?.terminate();
    await expect(store.append(draft('door', 2))).rejects.toMatchObject({ code: 'cannot-commit' });
    expect(store.snapshot.claim).toEqual(claim);
    await vi.waitFor(async () => expect(await store.append(draft('door', 2))).toEqual({ seq: 2 }));
    process.off('worker', noted);
    expect(threads).toHaveLength(2);
  });

  it('says so when its thread ends again and again', async () => {
    const threads: Worker[] = [];
    const end = (thread: Worker) => {
      threads.push(thread);
      if (threads.length > 1) thread.once('online', () => void thread.terminate());
    };
    process.on('worker', end);
    const lost = vi.fn();
    store = new Store({ dataDir, onLost: lost });
    await store.start();
    await threads[0]?.terminate();
    await vi.waitFor(() => expect(lost).toHaveBeenCalledOnce());
    process.off('worker', end);
    expect(threads).toHaveLength(4);
  });

  it('refuses what it cannot keep, before the claim and after the end', async () => {
    await open();
    await expect(store.append(draft('door', 1))).rejects.toMatchObject({ code: 'cannot-commit' });
    await store.stop();
    await expect(store.append(draft('door', 1))).rejects.toMatchObject({ code: 'cannot-commit' });
  });
});
