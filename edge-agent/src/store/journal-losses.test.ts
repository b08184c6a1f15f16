import { newId } from '@gatecast/firmware-protocol';
import { healthRows, journalStreams, type JournalRow, type JournalStream } from '@gatecast/firmware-protocol/messages';
import Database from 'better-sqlite3';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { rowsOfBatch } from '../journal/batch-rows.fixture.ts';
import type { JournalCap, Loss } from '../journal/retention.ts';
import { JournalTable } from './journal-table.ts';
import { migrate } from './migrations.ts';

const terminal = newId('terminal');
const keyOf = (stream: JournalStream) => ({ terminal, epoch: 1, stream });

type Step =
  | { readonly do: 'write'; readonly stream: JournalStream; readonly size: number }
  | { readonly do: 'upload'; readonly stream: JournalStream; readonly rows: number; readonly isAckLost: boolean };

const stream = fc.constantFrom(...journalStreams.options);
const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 6, arbitrary: fc.record({ do: fc.constant('write' as const), stream, size: fc.nat({ max: 300 }) }) },
  {
    weight: 1,
    arbitrary: fc.record({
      do: fc.constant('upload' as const),
      stream,
      rows: fc.integer({ min: 1, max: 12 }),
      isAckLost: fc.boolean(),
    }),
  },
);

/** What the cloud does with batches: rows that follow, or that follow what was declared lost. */
class Ledger {
  readonly rows: Record<JournalStream, JournalRow[]> = { door: [], play: [], health: [] };

  losses(of: JournalStream): Loss[] {
    const all = this.rows.health.flatMap(({ kind, body }) => (kind === 'lost' ? [healthRows.lost.parse(body)] : []));
    return all.filter((loss) => loss.stream === of);
  }

  /** False: rows before these are missing, and nothing explains it. */
  take(of: JournalStream, batch: readonly JournalRow[]): boolean {
    const kept = this.rows[of];
    let last = kept.at(-1)?.seq ?? 0;
    const first = batch[0]?.seq ?? 0;
    const own = batch.flatMap(({ kind, body }) => (kind === 'lost' ? [healthRows.lost.parse(body)] : []));
    const losses = [...this.losses(of), ...own.filter((loss) => of === 'health' && loss.stream === 'health')];
    while (first > last + 1) {
      const next = last + 1;
      const fitting = losses.filter(({ from, to }) => from <= next && next <= to).map(({ to }) => to);
      if (fitting.length === 0) return false;
      last = Math.max(...fitting);
    }
    kept.push(...batch.filter(({ seq }) => seq > last));
    return true;
  }
}

/** Runs a history on a table of its own, with each row's hash noted as it was written. */
function live(cap: JournalCap, steps: readonly Step[]) {
  const db = new Database(':memory:');
  migrate(db);
  const table = new JournalTable(db, cap);
  const hashes = new Map<string, string>();
  const ledger = new Ledger();
  const readHashes = db.prepare<[], { stream: string; seq: number; hash: string }>(
    'SELECT stream, seq, hash FROM journal',
  );
  const upload = (of: JournalStream, rowsMax: number, isAckLost: boolean): boolean => {
    const batch = table.nextBatch({ stream: of, rowsMax, bytesMax: 1_000_000 });
    const isTaken = batch !== undefined && ledger.take(of, rowsOfBatch(keyOf(of), batch));
    if (isTaken && !isAckLost) table.acknowledge({ stream: of, upTo: batch.to });
    return isTaken;
  };
  const sizes: { rows: number; bytes: number }[] = [];
  for (const [n, one] of steps.entries()) {
    if (one.do === 'upload') upload(one.stream, one.rows, one.isAckLost);
    else {
      const body = { n, text: 'x'.repeat(one.size) };
      const times = { wallMs: n, monoMs: n, boot: 'b', clock: 'synced' } as const;
      table.append(keyOf(one.stream), { stream: one.stream, kind: 'note', body, ...times });
    }
    // A row that is dropped in the same step in which it was written is the newest of its stream.
    for (const { stream: of, seq, hash } of readHashes.all()) hashes.set(`${of}|${seq}`, hash);
    const all = db
      .prepare<[], { rows: number; bytes: number }>('SELECT sum(rows) rows, sum(bytes) bytes FROM streams')
      .get();
    const counted = db
      .prepare<[], { rows: number; bytes: number }>('SELECT count(*) rows, coalesce(sum(bytes), 0) bytes FROM journal')
      .get();
    expect(all).toEqual(counted);
    if (counted) sizes.push(counted);
  }
  // The cloud is there for good now: losses of the others are explained by health, so twice around is enough.
  for (let round = 0; round < 2; round += 1) {
    for (const of of journalStreams.options) while (upload(of, 7, false));
  }
  const reached = table.reached();
  db.close();
  return { ledger, hashes, reached, sizes };
}

describe('a journal that outgrows its disk', () => {
  it('names exactly the rows that went, whatever it lived through, and the cloud takes all that is left', () => {
    fc.assert(
      fc.property(
        fc.array(step, { minLength: 1, maxLength: 120 }),
        fc.integer({ min: 6, max: 30 }),
        fc.integer({ min: 4_000, max: 20_000 }),
        (steps, rowsMax, bytesMax) => {
          const { ledger, hashes, reached } = live({ rowsMax, bytesMax }, steps);
          for (const of of journalStreams.options) {
            expect(reached[of].rows, `${of} is handed in`).toBe(0);
            const here = new Map(ledger.rows[of].map((row) => [row.seq, row]));
            expect(here.size, 'no row twice').toBe(ledger.rows[of].length);
            const losses = ledger.losses(of);
            for (const { from, to, count, firstHash, lastHash } of losses) {
              expect(count).toBe(to - from + 1);
              for (const [seq, hash] of [
                [from, firstHash],
                [to, lastHash],
              ] as const) {
                const written = hashes.get(`${of}|${seq}`) ?? here.get(seq + 1)?.prev;
                if (written !== undefined) expect(hash).toBe(written);
              }
            }
            for (let seq = 1; seq <= reached[of].seq; seq += 1) {
              const isExplained = losses.some(({ from, to }) => from <= seq && seq <= to);
              expect(here.has(seq) || isExplained, `${of} ${seq} is there or declared lost`).toBe(true);
            }
          }
        },
      ),
      { numRuns: 150 },
    );
  });

  it('stays within its cap, but for the rows that say what went', () => {
    fc.assert(
      fc.property(
        fc.array(step, { minLength: 30, maxLength: 120 }),
        fc.integer({ min: 6, max: 30 }),
        (steps, rowsMax) => {
          const { sizes } = live({ rowsMax, bytesMax: 1_000_000 }, steps);
          for (const { rows } of sizes) expect(rows).toBeLessThanOrEqual(rowsMax + journalStreams.options.length);
        },
      ),
      { numRuns: 50 },
    );
  });

  it('keeps the door’s rows until nothing else is left to give', () => {
    const steps: Step[] = Array.from({ length: 60 }, (_, n) => ({
      do: 'write',
      stream: (['door', 'play', 'health'] as const)[n % 3] ?? 'door',
      size: 10,
    }));
    const { ledger } = live({ rowsMax: 30, bytesMax: 1_000_000 }, steps);
    expect(ledger.losses('door')).toEqual([]);
    expect(ledger.rows.door).toHaveLength(20);
    expect(ledger.losses('play').length).toBeGreaterThan(0);
  });
});

describe('a journal that goes on behind other rows', () => {
  it('keeps all that only it has, in its order and whole, however much that is', () => {
    const db = new Database(':memory:');
    migrate(db);
    const table = new JournalTable(db, { rowsMax: 10_000, bytesMax: 10_000_000 });
    const key = keyOf('play');
    const times = { wallMs: 1, monoMs: 1, boot: 'b', clock: 'synced' } as const;
    for (let n = 1; n <= 1_300; n += 1) table.append(key, { stream: 'play', kind: 'note', body: { n }, ...times });
    expect(table.rebase(key, 11, { seq: 700, hash: 'c'.repeat(64) })).toBe(1_290);
    expect(table.reached().play).toEqual({ seq: 1_990, acked: 700, rows: 1_290 });
    let [next, prev] = [701, 'c'.repeat(64)];
    const said: unknown[] = [];
    for (;;) {
      const batch = table.nextBatch({ stream: 'play', rowsMax: 400, bytesMax: 1_000_000 });
      if (!batch) break;
      expect([batch.from, batch.prev]).toEqual([next, prev]);
      said.push(...rowsOfBatch(key, batch).map(({ body }) => body['n']));
      table.acknowledge({ stream: 'play', upTo: batch.to, hash: batch.head });
      [next, prev] = [batch.to + 1, batch.head];
    }
    expect(said).toEqual(Array.from({ length: 1_290 }, (_, n) => n + 11));
    const left = db.prepare('SELECT count(*) AS rows FROM journal').get();
    expect([left, table.reached().play.rows]).toEqual([{ rows: 0 }, 0]);
    db.close();
  });
});
