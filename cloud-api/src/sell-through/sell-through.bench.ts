import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { parseArgs } from 'node:util';
import { after, halfHourMs, instant, manualClock, milliseconds } from '@gatecast/firmware-protocol';
import { createAudience } from '../audience/service.ts';
import { seedSoldTown } from '../campaigns/sold-town.fixture.ts';
import { createCommunities } from '../communities/service.ts';
import { readConfig } from '../config.ts';
import { createContent } from '../content/service.ts';
import { createIdentity } from '../identity/service.ts';
import { createInventory } from '../inventory/service.ts';
import { createMerchants } from '../merchants/service.ts';
import { openStore, type Store } from '../platform/db/store.ts';
import { silentLog } from '../platform/log.ts';
import { createPlatform } from '../platform/platform.ts';
import { watchTurns } from '../platform/turns.fixture.ts';
import { createPlays } from '../plays/service.ts';
import { createTerminals } from '../terminals/service.ts';
import { createSellThrough, type SellThrough } from './service.ts';

const week = '2026-11-23';
/** Its Monday's midnight in Shanghai, and 17:00 of its Tuesday. */
const monday = instant(Date.parse('2026-11-23T00:00:00+08:00'));
const now = instant(Date.parse('2026-11-24T17:00:00+08:00'));
const halfHours = 7 * 48;
const communitiesPerTx = 50;
const asked = 50;

/**
 * `--communities N` (4,000 unless told) with three doors each and something sold in each half-hour of the week, in SQLite with full durability: one run of the
 * hourly sum, which is three weeks, and the longest that it holds the event loop; then each page's answer.
 */
export async function run(say: (line: string) => void, flags: readonly string[]): Promise<Record<string, number>> {
  const { values } = parseArgs({
    args: [...flags],
    options: { communities: { type: 'string', default: '4000' }, json: { type: 'boolean' } },
  });
  const communities = Number(values.communities);
  const folder = mkdtempSync(join(tmpdir(), 'gatecast-bench-'));
  const store = await openStore(join(folder, 'cloud.sqlite'), silentLog());
  try {
    const { communityIds } = await seedSoldTown(store, { communities, lineItems: communities * 3, sold: 0.7 }, now);
    const cells = await plan(store, communityIds);
    say(`${communities} communities, ${cells} planned half-hours`);
    const sellThrough = slice(store, folder);
    const summed = await sum(sellThrough);
    say(JSON.stringify(summed));
    return { communities, cells, ...summed, ...(await answers(sellThrough, communityIds)) };
  } finally {
    await store.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

/** A line item of each community in each half-hour of the week. */
async function plan(store: Store, communityIds: readonly string[]): Promise<number> {
  const { bookings: b } = store.read.t;
  const lines = await store.read
    .select({ bookingId: b.id, campaignId: b.campaignId, merchantId: b.merchantId })
    .from(b)
    .limit(communityIds.length);
  for (let i = 0; i < communityIds.length; i += communitiesPerTx) {
    const some = communityIds.slice(i, i + communitiesPerTx).flatMap((communityId, n) => {
      const line = lines[i + n];
      if (!line) return [];
      return Array.from({ length: halfHours }, (_, halfHour) => {
        const at = after(monday, milliseconds(halfHour * halfHourMs));
        return { ...line, communityId, at, placement: 'gate' as const, plannedMilli: 2_000, sharePpm: 100_000 };
      });
    });
    await store.tx((q) => q.insertMany(q.t.bookingCells, some));
  }
  return communityIds.length * halfHours;
}

async function sum(sellThrough: SellThrough): Promise<Record<string, number>> {
  const loop = monitorEventLoopDelay({ resolution: 1 });
  loop.enable();
  const turns = watchTurns();
  const from = performance.now();
  await sellThrough.sum(new AbortController().signal);
  const sumSeconds = rounded((performance.now() - from) / 1_000);
  const longestTurnMs = rounded(turns());
  loop.disable();
  return { sumSeconds, longestTurnMs, longestDelayMs: rounded(loop.max / 1e6) };
}

/** 95th percentiles over what people click on, in milliseconds. */
async function answers(sellThrough: SellThrough, ids: readonly string[]): Promise<Record<string, number>> {
  const place = 'all' as const;
  const ranking = { week, place, by: 'yield', order: 'best' } as const;
  return {
    weeksP95Ms: await p95(() => sellThrough.weeks({ place })),
    networkP95Ms: await p95(() => sellThrough.heatMap({ week, place })),
    communityP95Ms: await p95((n) => sellThrough.heatMap({ week, place, communityId: ids[n * 7] ?? '' })),
    rankingP95Ms: await p95(() => sellThrough.communities(ranking)),
    searchP95Ms: await p95(() => sellThrough.communities({ ...ranking, search: 'Linden' })),
  };
}

async function p95(ask: (n: number) => Promise<unknown>): Promise<number> {
  const took: number[] = [];
  for (let n = 0; n < asked; n += 1) {
    const from = performance.now();
    await ask(n);
    took.push(performance.now() - from);
  }
  return rounded(took.toSorted((a, b) => a - b)[Math.floor(asked * 0.95)] ?? 0);
}

function slice(store: Store, folder: string): SellThrough {
  const config = readConfig({
    GATECAST_DATA_DIR: folder,
    GATECAST_MASTER_KEY_FILE: join(folder, 'master.key'),
    GATECAST_BROKER_URL: '',
    GATECAST_PUBLIC_URL: 'https://gatecast.test',
  });
  const platform = createPlatform({ config, store, clock: manualClock(now), log: silentLog() });
  const identity = createIdentity(platform);
  const communities = createCommunities(platform, identity);
  const terminals = createTerminals(platform, communities);
  const merchants = createMerchants(platform, identity, communities);
  const content = createContent(platform, merchants);
  const { papers, links, declined } = content;
  const inventory = createInventory(platform, { communities, papers, links, declined });
  const plays = createPlays(platform, terminals, content);
  return createSellThrough(platform, {
    audience: createAudience(platform, { communities, plays, terminals }),
    communities,
    inventory,
  });
}

const rounded = (value: number): number => Math.round(value * 10) / 10;
