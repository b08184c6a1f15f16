import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { setTimeout as delay } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { after, hours, instant, manualClock, minutes, type InstantMs } from '@gatecast/firmware-protocol';
import { count, eq, lt, sql } from 'drizzle-orm';
import { seedSoldTown } from '../campaigns/sold-town.fixture.ts';
import { createHoldouts } from '../lift/holdouts.ts';
import { openStore, type Store, type Tx } from '../platform/db/store.ts';
import { silentLog } from '../platform/log.ts';
import type { Platform } from '../platform/platform.ts';
import { watchTurns } from '../platform/turns.fixture.ts';
import { replan } from './replan.ts';
import { advertise, platformOver } from './sold-plan.fixture.ts';
import { lastReplan } from './store.ts';

/** What is sold of all that is expected. */
const sold = 0.7;
const plans = 3;
/** 17:00 in Shanghai, in the middle of the evening's crowd. */
const began = instant(Date.UTC(2026, 10, 24, 9, 0));

/**
 * The hourly plan from the database to the database: `--communities N` (4,000 unless told) with three doors each and `--campaigns M` (three a community), in SQLite
 * with full durability, or in an empty `--database postgres://…`. The first plan writes all that there is; those after it what an hour has changed, in which each
 * half-hour of each line item brought 70 to 130 percent of what was planned.
 */
export async function run(say: (line: string) => void, flags: readonly string[]): Promise<Record<string, number>> {
  const { values } = parseArgs({
    args: [...flags],
    strict: false,
    options: {
      communities: { type: 'string', default: '4000' },
      campaigns: { type: 'string' },
      database: { type: 'string' },
    },
  });
  const communities = Number(values.communities);
  const lineItems = values.campaigns === undefined ? communities * 3 : Number(values.campaigns);
  const folder = mkdtempSync(join(tmpdir(), 'gatecast-bench-'));
  const url = typeof values.database === 'string' ? values.database : join(folder, 'cloud.sqlite');
  const store = await openStore(url, silentLog());
  try {
    await seedSoldTown(store, { communities, lineItems, sold }, after(began, minutes(-30)));
    await store.tx((q) => advertise(q, began));
    await store.tx((q) => q.insertMany(q.t.jobs, [lease]));
    say(`${communities} communities, ${lineItems} line items`);
    return { communities, lineItems, ...(await measure(say, store, folder)) };
  } finally {
    await store.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

async function measure(say: (line: string) => void, store: Store, folder: string): Promise<Record<string, number>> {
  const clock = manualClock(began);
  const platform = platformOver(store, folder, clock);
  const figures: Record<string, number> = {};
  for (let n = 0; n < plans; n += 1) {
    const told = await plan(platform);
    const name = n === 0 ? 'first' : n === 1 ? 'second' : 'third';
    for (const [figure, value] of Object.entries(told)) figures[`${name}${figure}`] = value;
    say(`${name}: ${JSON.stringify(told)}`);
    clock.advance(hours(1));
    await store.tx((q) => report(q, clock.now()));
  }
  const t = store.read.t.bookingCells;
  const [cells] = await store.read.select({ rows: count() }).from(t);
  return { ...figures, cells: cells?.rows ?? 0, mib: Math.round(process.resourceUsage().maxRSS / 1_024) };
}

async function plan(platform: Platform): Promise<Record<string, number>> {
  const loop = monitorEventLoopDelay({ resolution: 1 });
  loop.enable();
  const turns = watchTurns();
  const beside = writesBeside(platform);
  const from = performance.now();
  const run = { signal: new AbortController().signal, held: (q: Tx) => held(q, platform.clock.now()) };
  await replan(platform, { holdouts: createHoldouts(platform) }, run);
  const seconds = (performance.now() - from) / 1_000;
  const waits = await beside();
  loop.disable();
  const longestMs = turns();
  const row = await lastReplan(platform.store.read);
  return {
    Seconds: rounded(seconds),
    CellsWritten: row?.cellsChanged ?? 0,
    Communities: row?.communitiesChanged ?? 0,
    PlannedPercent: rounded((row?.plannedPpm ?? 0) / 10_000),
    LongestTurnMs: rounded(longestMs),
    LongestDelayMs: rounded(loop.max / 1e6),
    WriteBesideP99Ms: rounded(quantile(waits, 0.99)),
    WriteBesideMaxMs: rounded(Math.max(...waits)),
  };
}

/** Renews a lease as the job does. */
async function held({ update, t: { jobs } }: Tx, now: InstantMs): Promise<void> {
  await update(jobs).set({ leasedUntil: now }).where(eq(jobs.id, leaseId)).returning({ id: jobs.id });
}
const leaseId = 'every:delivery.replan';

const lease = {
  id: leaseId,
  kind: 'bench',
  payload: {},
  state: 'waiting' as const,
  runAt: began,
  leasedUntil: began,
  attempts: 1,
};

const besideEveryMs = 20;

/** A small transaction of somebody else every 20 ms; gives how long each took, in milliseconds. */
function writesBeside({ store, clock }: Platform): () => Promise<number[]> {
  const took: number[] = [];
  const ended = new AbortController();
  const writing = (async () => {
    while (!ended.signal.aborted) {
      const from = performance.now();
      const row = { at: clock.now(), actor: 'bench', action: 'bench.write', subject: 'beside', facts: {} };
      await store.tx((q) => q.insertMany(q.t.audit, [row]));
      took.push(performance.now() - from);
      await delay(besideEveryMs);
    }
  })();
  return async () => {
    ended.abort();
    await writing;
    return took;
  };
}

function quantile(values: readonly number[], part: number): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length * part)] ?? 0;
}

/** All half-hours that are over are reported. */
async function report(q: Tx, now: InstantMs): Promise<void> {
  const { bookingCells: t, bookings: b } = q.t;
  const came = sql`${t.plannedMilli} * (700 + ${t.plannedMilli} % 601) / 1000`;
  await q.update(t).set({ deliveredMilli: came }).where(lt(t.at, now));
  const delivered = q
    .select({ milli: sql`coalesce(sum(${t.deliveredMilli}), 0)` })
    .from(t)
    .where(eq(t.bookingId, b.id));
  await q.update(b).set({ deliveredMilli: sql`(${delivered})` });
}

const rounded = (value: number): number => Math.round(value * 100) / 100;
