import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { days, hours, systemClock } from '@gatecast/firmware-protocol';
import type { JournalStream } from '@gatecast/firmware-protocol/messages';
import { and, eq } from 'drizzle-orm';
import { afterAll, beforeAll, beforeEach, expect, it, vi } from 'vitest';
import { databaseSource } from '../journal-audit/database-source.ts';
import { exportLines } from '../journal-audit/export.ts';
import { fileSource } from '../journal-audit/file-source.ts';
import { auditJournal } from '../journal-audit/journal-audit.ts';
import type { JournalSource } from '../journal-audit/records.ts';
import { describeStores } from '../platform/db/test-stores.ts';
import { testApp, type TestApp } from '../test-app.ts';
import {
  claimedTerminal,
  neighbourhood,
  signInTerminal,
  testJournal,
  type NewRow,
  type TestTerminal,
} from '../test-neighbourhood.ts';
import { packedBody, sendBody } from './journal.fixture.ts';
import { deleteOldJournal } from './journal-retention.ts';

const tables = [
  'journalRows',
  'journalHeads',
  'journalCheckpoints',
  'journalDisputes',
  'journalLosses',
  'journalBegins',
] as const;
const anyTime = new AbortController().signal;

describeStores('a journal that is older than it is kept', (its) => {
  let world: TestApp;
  let terminal: TestTerminal;
  let restore: () => Promise<void>;
  const note = (n: number): NewRow => ({ kind: 'note', body: { n } });

  beforeAll(async () => {
    world = await testApp({ store: its.store });
    terminal = await claimedTerminal(world, await neighbourhood(world));
    await its.store.tx(
      async (q) => void (await q.delete(q.t.jobs).where(eq(q.t.jobs.kind, 'terminals.journal-retention'))),
    );
    const journals = { door: journal('door'), play: journal('play'), health: journal('health') };
    // An hour apart, so that each batch has a checkpoint that is kept.
    await send(journals.door(...[1, 2, 3].map(note)));
    await send(journals.door(...[4, 5, 6].map(note)));
    await send(journals.play(note(1), note(2)));
    const lost = journals.play(note(3), note(4));
    const facts = { stream: 'play', from: 3, to: 4, count: 2, firstHash: lost.rows[1]?.prev, lastHash: lost.head };
    await send(journals.health({ kind: 'lost', body: facts }));
    await send(journals.play(note(5), note(6)));
    world.clock.advance(days(800));
    await send(journals.door(...[7, 8].map(note)));
    await send(journals.play(note(7)));
    await send(journals.health(note(2)));
    restore = await snapshot();
  }, 90_000);
  beforeEach(() => restore());
  afterAll(() => world.close());

  const journal = (stream: JournalStream) => testJournal(world, terminal, stream);
  const send = async (batch: ReturnType<ReturnType<typeof journal>>) => {
    world.clock.advance(hours(1));
    // Its token is good for an hour.
    const { token } = (await signInTerminal(world, terminal.id, terminal.epoch, terminal.identity)).body;
    const answer = await sendBody(world, { ...terminal, token }, packedBody(terminal, batch));
    expect(answer.status).toBe(200);
  };
  async function snapshot(): Promise<() => Promise<void>> {
    const { read } = its.store;
    const kept = await Promise.all(tables.map(async (name) => [name, await read.select().from(read.t[name])] as const));
    return () =>
      its.store.tx(async (q) => {
        for (const [name, rows] of kept) {
          await q.delete(q.t[name]);
          for (const row of rows) await q.insert(q.t[name]).values(row as never);
        }
      });
  }
  const source = () => databaseSource({ read: its.store.read, close: async () => undefined }, systemClock, terminal.id);
  const run = () => deleteOldJournal(world.app.platform, anyTime);
  const kept = async (stream: JournalStream): Promise<number[]> => {
    const t = its.store.read.t.journalRows;
    const rows = await its.store.read
      .select({ seq: t.seq })
      .from(t)
      .where(and(eq(t.terminalId, terminal.id), eq(t.stream, stream)))
      .orderBy(t.seq);
    return rows.map(({ seq }) => seq);
  };
  const named = async (from: JournalSource) =>
    (await auditJournal(from)).findings.map(({ stream, fault, seq }) => `${stream} ${fault} ${seq}`);

  it('is deleted up to the newest checkpoint of that age, and proves itself from there on', async () => {
    await run();
    await run();
    expect([await kept('door'), await kept('play'), await kept('health')]).toEqual([[7, 8], [7], [2]]);
    const result = await auditJournal(await source());
    expect(result).toMatchObject({ findings: [], counts: { rows: 4, expired: 6 + 6 + 1 } });
    // What the terminal shows again is known, though its rows are gone, and what comes next follows.
    await send(journal('door')(...[1, 2].map(note)));
  });

  it('says so in an export, which proves itself like the database', async () => {
    await run();
    const lines: string[] = [];
    for await (const line of exportLines(await source())) lines.push(line);
    const door = lines.find((line) => line.includes('"type":"stream"') && line.includes('"door"'));
    expect(JSON.parse(door ?? '{}').begin).toMatchObject({ seq: 6, signature: { kid: expect.any(String) } });
    const folder = mkdtempSync(join(tmpdir(), 'gatecast-export-'));
    try {
      const file = join(folder, 'journal.jsonl');
      writeFileSync(file, lines.join(''));
      expect(await auditJournal(await fileSource(file))).toMatchObject({ findings: [], counts: { expired: 12 } });
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  it('whose beginning was moved or made up by hand is named', async () => {
    await run();
    const forge = (set: object) =>
      its.store.tx(async (q) => {
        const t = q.t.journalBegins;
        await q.update(t).set(set).where(eq(t.stream, 'door'));
      });
    await forge({ seq: 7 });
    expect(await named(await source())).toContain('door forged-checkpoint 7');
    await forge({ seq: 6, kid: 'nobody' });
    expect(await named(await source())).toContain('door unknown-key 6');
    await its.store.tx(
      async (q) => void (await q.delete(q.t.journalBegins).where(eq(q.t.journalBegins.stream, 'door'))),
    );
    expect(await named(await source())).toContain('door dropped 1');
  });

  it('stays where it does not prove itself, and where it is disputed', async () => {
    await its.store.tx(async (q) => {
      const t = q.t.journalRows;
      await q
        .update(t)
        .set({ body: { n: 99 } })
        .where(and(eq(t.stream, 'door'), eq(t.seq, 5)));
      const about = { terminalId: terminal.id, epoch: 1, stream: 'play' as const, seq: 2, fault: 'forked' as const };
      const shown = { shownSeq: 2, shownHash: '0'.repeat(64), proof: null, at: world.clock.now() };
      await q.insert(q.t.journalDisputes).values({ ...about, ...shown });
    });
    await run();
    expect(await kept('door')).toEqual([4, 5, 6, 7, 8]);
    expect(await kept('play')).toEqual([1, 2, 5, 6, 7]);
    // It says what the other stream has lost.
    expect(await kept('health')).toEqual([1, 2]);
    expect(await named(await source())).toContain('door altered 5');
  });

  it('is left for the next run when the program ends', async () => {
    await deleteOldJournal(world.app.platform, AbortSignal.abort());
    expect(await kept('door')).toHaveLength(8);
  });

  it('is deleted by its job, and what is younger is kept', async () => {
    const { journalMonths, playMonths } = world.app.platform.config;
    expect(journalMonths).toBeGreaterThan(playMonths);
    await its.store.tx((q) => world.app.platform.jobs.add(q, 'terminals.journal-retention', {}, { id: 'now' }));
    const losses = its.store.read.t.journalLosses;
    await vi.waitFor(async () => {
      expect(await kept('door')).toEqual([7, 8]);
      expect(await its.store.read.select().from(losses)).toEqual([]);
    }, 20_000);
  });
});
