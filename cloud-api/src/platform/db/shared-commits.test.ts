import Database from 'better-sqlite3';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { sharedCommits } from './shared-commits.ts';

let folder: string;
let writer: Database.Database;
/** Sees what is on the disk, as somebody beside would. */
let beside: Database.Database;
let commits: number;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'gatecast-commits-'));
  writer = new Database(join(folder, 'a.sqlite'));
  writer.pragma('journal_mode = WAL');
  writer.exec('create table parents (id integer primary key)');
  writer.exec(
    'create table t (n integer primary key, parent integer references parents deferrable initially deferred)',
  );
  beside = new Database(join(folder, 'a.sqlite'));
  commits = 0;
  const exec = writer.exec.bind(writer);
  Object.assign(writer, { exec: (text: string) => ((commits += text === 'COMMIT' ? 1 : 0), exec(text)) });
});

afterEach(() => {
  writer.close();
  beside.close();
  rmSync(folder, { recursive: true });
});

const put = (n: number, parent: number | null = null) =>
  writer.prepare('insert into t (n, parent) values (?, ?)').run(n, parent);
const onDisk = () => beside.prepare('select n from t order by n').pluck().all();
const shared = { shares: true, durable: () => undefined };

it('tells nobody how it went before that is on the disk, and goes to the disk once for many', async () => {
  const { tx } = sharedCommits(writer);
  const heard = Array.from({ length: 50 }, async (_, n) => {
    await tx(async () => put(n), shared);
    expect(onDisk()).toContain(n);
  });
  await Promise.all(heard);
  expect(onDisk()).toHaveLength(50);
  expect(commits).toBeLessThan(25);
});

it('leaves a commit of its own to what does not share one, and keeps their order', async () => {
  const { tx } = sharedCommits(writer);
  const seen: unknown[][] = [];
  const alone = { shares: false, durable: () => undefined };
  await Promise.all([
    tx(async () => put(1), shared),
    tx(async () => put(2), shared),
    tx(async () => void seen.push(onDisk()), alone),
    tx(async () => put(3), shared),
    expect(tx(async () => Promise.reject(new Error('no')), alone)).rejects.toThrow('no'),
    tx(async () => void seen.push(onDisk()), shared),
  ]);
  expect(seen).toEqual([
    [1, 2],
    [1, 2, 3],
  ]);
});

it('takes back what failed, and only that, and runs the effects of the others', async () => {
  const { tx } = sharedCommits(writer);
  const effects: number[] = [];
  const all = Array.from({ length: 9 }, (_, n) =>
    tx(
      async () => {
        put(n);
        await Promise.resolve();
        if (n % 3 === 0) throw new Error(`no ${n}`);
        return n;
      },
      { shares: true, durable: () => void effects.push(n) },
    ),
  );
  const ends = await Promise.allSettled(all);
  expect(ends.map((end) => (end.status === 'fulfilled' ? end.value : String(end.reason)))).toEqual([
    'Error: no 0',
    1,
    2,
    'Error: no 3',
    4,
    5,
    'Error: no 6',
    7,
    8,
  ]);
  expect(onDisk()).toEqual([1, 2, 4, 5, 7, 8]);
  expect(effects).toEqual([1, 2, 4, 5, 7, 8]);
});

it('fails all that a failed commit held, and goes on with the next', async () => {
  const { tx, idle } = sharedCommits(writer);
  const effects: number[] = [];
  const held = [
    tx(async () => put(1), shared),
    tx(async () => put(2, 77), { shares: true, durable: () => void effects.push(2) }),
  ];
  const ends = await Promise.allSettled(held);
  expect(ends.map(({ status }) => status)).toEqual(['rejected', 'rejected']);
  expect(effects).toEqual([]);
  expect(onDisk()).toEqual([]);
  await tx(async () => put(3), shared);
  await idle();
  expect(onDisk()).toEqual([3]);
});

it('fails who asked while the writer could not begin, and takes the next once it can', async () => {
  writer.pragma('busy_timeout = 1');
  const { tx } = sharedCommits(writer);
  beside.exec('BEGIN IMMEDIATE');
  await expect(tx(async () => put(1), shared)).rejects.toThrow('locked');
  beside.exec('ROLLBACK');
  await tx(async () => put(2), shared);
  expect(onDisk()).toEqual([2]);
});

it('lets the loop turn between two commits', async () => {
  const { tx } = sharedCommits(writer);
  const turns: number[] = [];
  const burn = (n: number) =>
    tx(async () => {
      const until = performance.now() + 2;
      while (performance.now() < until);
      return put(n);
    }, shared);
  let left = 40;
  const look = () => {
    turns.push(left);
    if (left > 0) setImmediate(look);
  };
  setImmediate(look);
  await Promise.all(
    Array.from({ length: 40 }, async (_, n) => {
      await burn(n);
      left -= 1;
    }),
  );
  expect(new Set(turns).size).toBeGreaterThan(4);
});
