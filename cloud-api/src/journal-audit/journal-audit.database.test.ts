import { execFile } from 'node:child_process';
import { createWriteStream, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { systemClock } from '@gatecast/firmware-protocol';
import { rowHash } from '@gatecast/firmware-protocol/node';
import type { JournalStream } from '@gatecast/firmware-protocol/messages';
import { and, eq, gt, inArray, sql } from 'drizzle-orm';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Tx } from '../platform/db/store.ts';
import { describeStores } from '../platform/db/test-stores.ts';
import { packedBody, sendBody } from '../terminals/journal.fixture.ts';
import { testApp, type TestApp } from '../test-app.ts';
import { claimedTerminal, neighbourhood, testJournal, type NewRow, type TestTerminal } from '../test-neighbourhood.ts';
import { databaseSource } from './database-source.ts';
import { exportJournal } from './export.ts';
import { fileSource, UnreadableExport } from './file-source.ts';
import { auditJournal } from './journal-audit.ts';

const runProgram = promisify(execFile);
const entry = fileURLToPath(new URL('../../bin/gatecast-audit.js', import.meta.url));

describeStores('a journal that came over HTTP', (its) => {
  let world: TestApp;
  let terminal: TestTerminal;
  let restore: () => Promise<void>;
  const door = (n: number): NewRow => ({ kind: 'note', body: { n } });

  beforeAll(async () => {
    world = await testApp({ store: its.store });
    terminal = await claimedTerminal(world, await neighbourhood(world));
    const journals = { door: journal('door'), play: journal('play'), health: journal('health') };
    await send(journals.door(...[1, 2, 3, 4, 5].map(door)));
    await send(journals.door(...[6, 7, 8, 9, 10].map(door)));
    await send(journals.play(door(1), door(2)));
    const lost = journals.play(door(3), door(4));
    const facts = { stream: 'play', from: 3, to: 4, count: 2, firstHash: lost.rows[1]?.prev, lastHash: lost.head };
    await send(journals.health({ kind: 'lost', body: facts }));
    await send(journals.play(door(5), door(6)));
    restore = await snapshot();
  });
  beforeEach(() => restore());
  afterAll(() => world.close());

  const journal = (stream: JournalStream) => testJournal(world, terminal, stream);
  const send = async (batch: ReturnType<ReturnType<typeof journal>>) => {
    const answer = await sendBody(world, terminal, packedBody(terminal, batch));
    expect(answer.status).toBe(200);
  };
  const source = () =>
    databaseSource({ read: world.store.read, close: async () => undefined }, systemClock, terminal.id);
  const named = async () => {
    const { findings } = await auditJournal(await source());
    return findings.map(({ stream, fault, seq, to }) => `${stream} ${fault} ${seq}${to === undefined ? '' : `-${to}`}`);
  };
  const tamper = (work: (q: Tx, doorRow: (seq: number) => ReturnType<typeof and>) => Promise<unknown>) =>
    world.store.tx(async (q) => {
      const t = q.t.journalRows;
      await work(q, (seq) => and(eq(t.terminalId, terminal.id), eq(t.stream, 'door'), eq(t.seq, seq)));
    });

  /** The tables of the journal as they are, to be put back. */
  async function snapshot(): Promise<() => Promise<void>> {
    const { read } = world.store;
    const names = ['journalRows', 'journalHeads', 'journalCheckpoints', 'journalDisputes'] as const;
    const kept = await Promise.all(names.map(async (name) => [name, await read.select().from(read.t[name])] as const));
    return () =>
      world.store.tx(async (q) => {
        for (const [name, rows] of kept) {
          await q.delete(q.t[name]);
          for (const row of rows) await q.insert(q.t[name]).values(row as never);
        }
      });
  }

  it('has nothing wrong with it, and its losses are explained', async () => {
    const result = await auditJournal(await source());
    expect(result).toMatchObject({ findings: [], counts: { streams: 3, rows: 15, declaredLost: 2, unsigned: 0 } });
  });

  describe('and was tampered with', () => {
    const changes = {
      body: { body: { n: 99 } },
      'the body into something unfit': { body: { n: 1.5 } },
      kind: { kind: 'opened' },
      'wall clock': { wallMs: 1 as never },
      'monotonic clock': { monoMs: 77 },
      boot: { boot: 'other' },
      clock: { clock: 'unknown' },
      'private hash': { privateHash: 'a'.repeat(64) },
    };
    it.each(Object.entries(changes))('in the %s of a row: that row is named', async (_, change) => {
      await tamper((q, row) => q.update(q.t.journalRows).set(change).where(row(4)));
      expect(await named()).toEqual(['door altered 4']);
    });

    it('by taking out a row, several, the end, or everything', async () => {
      await tamper((q, row) => q.delete(q.t.journalRows).where(row(4)));
      expect(await named()).toEqual(['door dropped 4']);
      await tamper((q) =>
        q
          .delete(q.t.journalRows)
          .where(and(eq(q.t.journalRows.stream, 'door'), inArray(q.t.journalRows.seq, [3, 5, 6]))),
      );
      expect(await named()).toEqual(['door dropped 3-6']);
      await restore();
      await tamper((q) =>
        q.delete(q.t.journalRows).where(and(eq(q.t.journalRows.stream, 'door'), gt(q.t.journalRows.seq, 8))),
      );
      expect(await named()).toEqual(['door truncated 9-10']);
      await tamper((q) => q.delete(q.t.journalRows).where(eq(q.t.journalRows.stream, 'door')));
      expect(await named()).toEqual(['door truncated 1-10']);
    });

    it('by taking out the row that explains a loss', async () => {
      await tamper((q) => q.delete(q.t.journalRows).where(eq(q.t.journalRows.stream, 'health')));
      expect(await named()).toEqual(['health truncated 1', 'play dropped 3-4']);
    });

    it('by exchanging two rows', async () => {
      const move = (from: number, to: number) =>
        tamper((q, row) => q.update(q.t.journalRows).set({ seq: to }).where(row(from)));
      await move(3, 99);
      await move(7, 3);
      await move(99, 7);
      expect(await named()).toEqual(['door reordered 3', 'door reordered 7']);
    });

    it('by playing a row again', async () => {
      const copyTo = (seq: number) =>
        world.store.tx(async (q) => {
          const t = q.t.journalRows;
          const [row] = await q
            .select()
            .from(t)
            .where(and(eq(t.terminalId, terminal.id), eq(t.stream, 'door'), eq(t.seq, 2)));
          if (row) await q.insert(t).values({ ...row, seq });
        });
      await copyTo(11);
      expect(await named()).toEqual(['door replayed 11']);
      await restore();
      await tamper((q, row) => q.delete(q.t.journalRows).where(row(6)));
      await copyTo(6);
      expect(await named()).toEqual(['door replayed 6']);
    });

    it('by writing it anew from a row on, with every hash and the head', async () => {
      await world.store.tx(async (q) => {
        const t = q.t.journalRows;
        const rows = await q
          .select()
          .from(t)
          .where(and(eq(t.terminalId, terminal.id), eq(t.stream, 'door')))
          .orderBy(t.seq);
        let prev = rows[6]?.hash ?? '';
        for (const row of rows.slice(7)) {
          const body = { n: -row.seq };
          const key = { terminal: terminal.id, epoch: 1, stream: 'door' } as const;
          prev = rowHash(key, { ...row, clock: 'synced', body, prev });
          await q
            .update(t)
            .set({ body, hash: prev })
            .where(and(eq(t.stream, 'door'), eq(t.seq, row.seq)));
        }
        await q.update(q.t.journalHeads).set({ hash: prev }).where(eq(q.t.journalHeads.stream, 'door'));
      });
      expect(await named()).toEqual(['door rewritten 6-10']);
    });

    it('by adding a row that hangs on the last one but was never signed for', async () => {
      await world.store.tx(async (q) => {
        const t = q.t.journalRows;
        const isLast = and(eq(t.terminalId, terminal.id), eq(t.stream, 'door'), eq(t.seq, 10));
        const [last] = await q.select().from(t).where(isLast);
        if (!last) throw new Error('the stream has ten rows');
        const row = { ...last, seq: 11, body: { n: 11 } };
        const key = { terminal: terminal.id, epoch: 1, stream: 'door' } as const;
        const hash = rowHash(key, { ...row, clock: 'synced', prev: last.hash });
        await q.insert(t).values({ ...row, hash });
        await q.update(q.t.journalHeads).set({ seq: 11, hash }).where(eq(q.t.journalHeads.stream, 'door'));
      });
      expect(await named()).toEqual(['door added 11']);
    });

    it('by signing what was rewritten with a key that is not the cloud’s', async () => {
      await world.store.tx(async (q) => {
        const t = q.t.journalHeads;
        const [head] = await q.select().from(t).where(eq(t.stream, 'door'));
        if (!head?.checkpoint) throw new Error('the head is signed');
        const signature = { ...head.checkpoint.signature, kid: 'somebody' };
        await q
          .update(t)
          .set({ checkpoint: { ...head.checkpoint, signature } })
          .where(eq(t.stream, 'door'));
      });
      expect(await named()).toEqual(['door unknown-key 10', 'door added 6-10']);
    });

    it('in what was signed', async () => {
      await world.store.tx(async (q) => {
        const t = q.t.journalCheckpoints;
        const [kept] = await q.select().from(t).where(eq(t.stream, 'door'));
        if (!kept) throw new Error('the first checkpoint is kept');
        await q
          .update(t)
          .set({ checkpoint: { ...kept.checkpoint, hash: 'b'.repeat(64) } })
          .where(eq(t.stream, 'door'));
      });
      expect(await named()).toEqual(['door forged-checkpoint 5']);
    });
  });

  it('whose terminal says that it dropped rows which are there', async () => {
    const other = await claimedTerminal(world, await neighbourhood(world));
    const journals = { play: testJournal(world, other, 'play'), health: testJournal(world, other, 'health') };
    const play = journals.play(door(1), door(2));
    await sendBody(world, other, packedBody(other, play));
    const facts = { stream: 'play', from: 1, to: 2, count: 2, firstHash: play.head, lastHash: play.head };
    await sendBody(world, other, packedBody(other, journals.health({ kind: 'lost', body: facts })));
    const all = await databaseSource({ read: world.store.read, close: async () => undefined }, systemClock, other.id);
    expect((await auditJournal(all)).findings).toMatchObject([{ stream: 'health', fault: 'loss-wrong', seq: 1 }]);
  });

  it('of a terminal that is in use twice: both chains are named from where they part', async () => {
    const copy = journal('door');
    copy(...[1, 2, 3, 4, 5].map(door));
    const other = copy(door(66), door(77));
    const answer = await sendBody(world, terminal, packedBody(terminal, other));
    expect(answer).toMatchObject({ status: 409, body: { code: 'journal-chain-broken', seq: 6 } });
    expect(await named()).toEqual(['door cloned 6']);
  });

  it('stays whole when the names in it are erased', async () => {
    const play = (seq: number): NewRow => ({
      kind: 'opened',
      body: { seq },
      private: { salt: 'c2FsdA', data: { credential: 'cred', touch: 'tch' } },
    });
    const other = await claimedTerminal(world, await neighbourhood(world));
    const batch = testJournal(world, other, 'door')(play(1), play(2));
    await sendBody(world, other, packedBody(other, batch));
    await world.store.tx((q) => q.delete(q.t.accessEvents));
    const all = await databaseSource({ read: world.store.read, close: async () => undefined }, systemClock, other.id);
    expect((await auditJournal(all)).findings).toEqual([]);
    const { journalRows } = world.store.read.t;
    const stored = await world.store.read
      .select()
      .from(journalRows)
      .where(sql`${journalRows.privateHash} is not null`);
    expect(JSON.stringify(stored)).not.toContain('cred');
  });

  it('is audited by a program of its own beside the cloud', async () => {
    const run = () => runProgram(process.execPath, [entry, '--db', its.url, '--json', '--terminal', terminal.id]);
    expect(JSON.parse((await run()).stdout)).toMatchObject({ ok: true, rows: 15 });
    await tamper((q, row) =>
      q
        .update(q.t.journalRows)
        .set({ body: { n: 99 } })
        .where(row(4)),
    );
    const { stdout } = await run().catch((failed: { code: number; stdout: string }) => failed);
    expect(JSON.parse(stdout.split('\n')[0] ?? '')).toMatchObject({ stream: 'door', fault: 'altered', seq: 4 });
  });

  describe('as an export', () => {
    let folder: string;
    let file: string;
    beforeAll(async () => {
      folder = mkdtempSync(join(tmpdir(), 'gatecast-export-'));
      file = join(folder, 'journal.jsonl');
      await restore();
      const out = createWriteStream(file);
      await exportJournal(await source(), async (line) => void out.write(line));
      out.end();
      await once(out, 'finish');
    });
    afterAll(() => rmSync(folder, { recursive: true }));
    const changed = (change: (text: string) => string) => {
      const other = join(folder, 'changed.jsonl');
      writeFileSync(other, change(readFileSync(file, 'utf8')));
      return fileSource(other);
    };

    it('is checked without the database, by the key that the terminal has pinned', async () => {
      const { kid, publicKey } = terminal.claim['timeKey'] as { kid: string; publicKey: string };
      const result = await auditJournal(await fileSource(file), new Map([[kid, publicKey]]));
      expect(result).toMatchObject({ findings: [], counts: { rows: 15, declaredLost: 2 } });
    });

    it('shows each change to it, and that it was cut off', async () => {
      const altered = await changed((text) => text.replace('"body":{"n":9}', '"body":{"n":8}'));
      expect((await auditJournal(altered)).findings).toMatchObject([{ stream: 'door', fault: 'altered', seq: 9 }]);
      await expect(changed((text) => text.slice(0, -30))).rejects.toThrow(UnreadableExport);
      await expect(changed((text) => text.replace(/\{"type":"row".*\n/, ''))).rejects.toThrow(UnreadableExport);
      await expect(changed(() => 'no export\n')).rejects.toThrow('line 1');
    });
  });
});
