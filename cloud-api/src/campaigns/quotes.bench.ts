import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { serve } from '@hono/node-server';
import { halfHourMs, halfHourOf, instant, milliseconds, minutes, newId } from '@gatecast/firmware-protocol';
import { run as engine } from '../allocation/quote.bench.ts';
import { openStore, type Store } from '../platform/db/store.ts';
import { silentLog } from '../platform/log.ts';
import { watchTurns } from '../platform/turns.fixture.ts';
import { testApp, type TestApp } from '../test-app.ts';
import { noteForSale } from './inventory-version.ts';
import { seedSoldTown, type SoldTown } from './sold-town.fixture.ts';

const quotesUsual = '200';
const days = 60;
/** 2026-11-23, 07:40 in Shanghai. */
const now = instant(Date.UTC(2026, 10, 22, 23, 40));
const segments = ['all', 'families', 'commuters', 'elderly'] as const;

/**
 * What a merchant waits for, of the product: quotes and calendar days over HTTP with `--communities N` (4,000) and `--campaigns M` (three a community) sold for
 * the week, in SQLite, `--quotes N` of them (200); then the engine alone, in the market of the plan's benchmark. Every other quote asks for more than there is, so that the wider ones are
 * looked for; a third is of a segment.
 */
export async function run(say: (line: string) => void, flags: readonly string[]): Promise<Record<string, number>> {
  const { values } = parseArgs({
    args: [...flags],
    strict: false,
    options: {
      communities: { type: 'string', default: '4000' },
      campaigns: { type: 'string' },
      quotes: { type: 'string', default: quotesUsual },
    },
  });
  const communities = Number(values.communities);
  const lineItems = values.campaigns === undefined ? communities * 3 : Number(values.campaigns);
  const folder = mkdtempSync(join(tmpdir(), 'gatecast-bench-'));
  const store = await openStore(join(folder, 'cloud.sqlite'), silentLog());
  try {
    const product = await ofProduct(say, store, { communities, lineItems }, Number(values.quotes));
    for (const [name, value] of Object.entries(product)) say(`${name}: ${value}`);
    const alone = Object.entries(await engine(say, flags)).map(([name, value]) => [`engine ${name}`, value]);
    return { ...product, ...Object.fromEntries(alone) };
  } finally {
    await store.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

async function ofProduct(
  say: (line: string) => void,
  store: Store,
  shape: { readonly communities: number; readonly lineItems: number },
  quotes: number,
): Promise<Record<string, number>> {
  const town = await seedSoldTown(store, { ...shape, sold: 0.5 }, now);
  say(`${shape.communities} communities, ${shape.lineItems} line items`);
  // Nothing is to be planned meanwhile: that is another benchmark.
  await store.tx(async (q) => {
    const none = { ms: 0, plannedPpm: 0, spreadPpm: 0, cellsChanged: 0, communitiesChanged: 0 };
    await q.insert(q.t.replans).values({ startedAt: now, lineItems: shape.lineItems, ...none });
  });
  const world = await testApp({ store });
  const server = serve({ fetch: world.app.fetch, port: 0, hostname: '127.0.0.1' });
  await once(server, 'listening');
  try {
    return { ...shape, ...(await measure(server, world, town, quotes)) };
  } finally {
    server.close();
    await world.close();
  }
}

async function measure(
  server: ReturnType<typeof serve>,
  world: TestApp,
  town: SoldTown,
  quotes: number,
): Promise<Record<string, number>> {
  const address = server.address();
  const port = typeof address === 'object' && address ? address.port : 0;
  const headers = { authorization: `Bearer ${world.operator}`, 'content-type': 'application/json' };
  const ask = async (path: string, body?: unknown) => {
    const began = performance.now();
    const init = body === undefined ? { headers } : { method: 'POST', headers, body: JSON.stringify(body) };
    const answer = await fetch(`http://127.0.0.1:${port}${path}`, init);
    const told: unknown = await answer.json();
    if (!answer.ok) throw new Error(`${path}: ${JSON.stringify(told)}`);
    return { ms: performance.now() - began, told };
  };
  const firstTurns = watchTurns();
  const firstBegan = performance.now();
  // Not through a socket, whose client gives up after some minutes.
  await world.call('POST', '/v1/quotes', { token: world.operator, body: wishOf(town, 0) });
  const firstMs = performance.now() - firstBegan;
  const firstTurnMs = firstTurns();
  const turns = watchTurns();
  const asked: number[] = [];
  const wide: number[] = [];
  let helped = 0;
  for (let n = 1; n <= quotes; n += 1) {
    const { ms, told } = await ask('/v1/quotes', wishOf(town, n));
    (isWide(n) ? wide : asked).push(ms);
    if ((told as { alternatives: unknown[] }).alternatives.length > 0) helped += 1;
  }
  const looked: number[] = [];
  for (let n = 0; n < days; n += 1)
    looked.push(
      (
        await ask(
          `/v1/slots?communityId=${town.communityIds[(n * 17) % town.communityIds.length] ?? ''}&date=2026-11-26`,
        )
      ).ms,
    );
  const longestTurnMs = rounded(turns());
  const turnsMeanwhile = watchTurns();
  const meanwhile = await meanwhileOf(world, (n) => ask('/v1/quotes', wishOf(town, n)));
  return {
    firstSeconds: rounded(firstMs / 1_000),
    firstLongestTurnMs: rounded(firstTurnMs),
    p50Ms: quantile(asked, 0.5),
    p95Ms: quantile(asked, 0.95),
    maxMs: quantile(asked, 1),
    ...meanwhile,
    wideP50Ms: quantile(wide, 0.5),
    wideMaxMs: quantile(wide, 1),
    withAlternativesPercent: rounded((helped / quotes) * 100),
    slotsP50Ms: quantile(looked, 0.5),
    slotsP95Ms: quantile(looked, 0.95),
    longestTurnMs,
    longestTurnWhileNextIsMadeMs: rounded(turnsMeanwhile()),
    mib: Math.round(process.resourceUsage().maxRSS / 1_024),
  };
}

/** What makes a layout one of yesterday, and the figures of the minute after it, in which the next is made. */
async function meanwhileOf(world: TestApp, ask: Ask): Promise<Record<string, number>> {
  const { clock, store } = world;
  const changes = {
    /** Owners decide somewhere else. */
    afterChange: async () => store.tx((q) => noteForSale(q, newId('community'))),
    afterTenMinutes: async () => clock.advance(minutes(11)),
    inNewHalfHour: async () => clock.advance(milliseconds(halfHourOf(clock.now()) + halfHourMs - clock.now() + 1_000)),
  };
  const figures: Record<string, number> = {};
  for (const [name, change] of Object.entries(changes)) {
    await change();
    const took = await watched(ask);
    figures[`${name}FirstMs`] = rounded(took[0] ?? 0);
    figures[`${name}P50Ms`] = quantile(took, 0.5);
    figures[`${name}P95Ms`] = quantile(took, 0.95);
    figures[`${name}MaxMs`] = quantile(took, 1);
  }
  return figures;
}

type Ask = (n: number) => Promise<{ readonly ms: number; readonly told: unknown }>;

/** How long quotes take that come some a second. */
async function watched(ask: Ask): Promise<readonly number[]> {
  const began = performance.now();
  const found: number[] = [];
  for (let n = 1; performance.now() - began < watchedMs; n += 1) {
    const { ms } = await ask(isWide(n) ? n + 1 : n);
    found.push(ms);
    await pause(betweenMs);
  }
  return found;
}
const betweenMs = 250;
const watchedMs = 75_000;

/** Five to twenty communities for the evenings of the week; every tenth one for two hundred. */
function wishOf({ near, communityIds, firstDay, lastDay }: SoldTown, n: number) {
  const count = isWide(n) ? Math.min(200, communityIds.length) : 5 + (n % 16);
  return {
    communityIds: near((n * 37) % communityIds.length, count),
    firstDay,
    lastDay,
    dayparts: [{ weekdays: [1, 2, 3, 4, 5, 6, 7], fromMinute: 17 * 60, toMinute: 20 * 60 }],
    placements: n % 4 === 0 ? ['gate'] : [],
    segment: n % 3 === 0 ? segments[1 + ((n / 3) % 3)] : 'all',
    touches: n % 2 === 0 ? 20 * count : 8_000 * count,
  };
}

const isWide = (n: number): boolean => n % 10 === 9;
const rounded = (value: number): number => Number(value.toFixed(1));
function quantile(values: readonly number[], part: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return rounded(sorted[Math.min(sorted.length - 1, Math.floor(part * sorted.length))] ?? 0);
}
