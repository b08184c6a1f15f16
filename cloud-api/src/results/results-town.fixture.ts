import type { AddressInfo } from 'node:net';
import { serve, type ServerType } from '@hono/node-server';
import { after, days, halfHourOf, instant, newId, type InstantMs } from '@gatecast/firmware-protocol';
import { localDateOf } from '../audience/local-day.ts';
import { markReport } from '../billing/bill.ts';
import { paidLineItem } from '../billing/paid-line-item.fixture.ts';
import { addToDay } from '../exposure/day-sums.ts';
import { testApp, type TestApp } from '../test-app.ts';
import { merchantAt } from '../test-market.ts';
import { neighbourhood } from '../test-neighbourhood.ts';

/** What a browser's test is told of it, as one line of JSON. */
export interface ResultsTown {
  readonly url: string;
  /** Sessions. */
  readonly merchant: string;
  readonly operator: string;
  /** One that ran for weeks in several communities, and one of which nothing is known. */
  readonly campaignId: string;
  readonly emptyId: string;
}

const zone = 'Asia/Shanghai';
const daysRun = 20;
const communities = 8;

/** A cloud alone, with a merchant whose campaign ran, on a socket for browsers until it is told to end. */
async function run(): Promise<void> {
  const world = await testApp({ env: { FFMPEG_PATH: 'none' } });
  const town = await fill(world);
  const server = await new Promise<ServerType>((resolve, reject) => {
    const made = serve({ fetch: world.app.fetch, port: 0, hostname: '127.0.0.1' }, () => resolve(made));
    made.on('error', reject);
  });
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  process.stdout.write(`${JSON.stringify({ url, ...town })}\n`);
  process.once('SIGTERM', () => {
    server.close(() => void world.close());
    if ('closeAllConnections' in server) server.closeAllConnections();
  });
}

async function fill(world: TestApp): Promise<Omit<ResultsTown, 'url'>> {
  const here = await neighbourhood(world);
  const shop = await merchantAt(world, here);
  const others = Array.from({ length: communities - 1 }, () => newId('community'));
  const profile = { households: 300, familiesPpm: 0, commutersPpm: 0, elderlyPpm: 0 };
  const about = { companyId: newId('company'), zone, createdAt: world.clock.now(), ...profile };
  const places = [here.communityId, ...others];
  const [campaignId, emptyId] = [newId('campaign'), newId('campaign')];
  const start = instant(halfHourOf(world.clock.now()) - days(daysRun));
  const campaign = { merchantId: shop.id, clipId: newId('clip'), createdAt: start };
  await world.store.tx(async (q) => {
    const named = others.map((id, n) => ({ id, name: `云杉苑 ${n + 1} 期`, ...about }));
    await q.insertMany(q.t.communities, named);
    await q.insert(q.t.campaigns).values({ id: campaignId, no: 1, name: '草莓季', ...campaign });
    await q.insert(q.t.campaigns).values({ id: emptyId, no: 2, name: '还没开始的', ...campaign });
  });
  const cells = Array.from({ length: daysRun }, (_, n) => n).flatMap((n) =>
    places.map((communityId) => ({ communityId, at: after(start, days(n)), plannedMilli: 20_000 })),
  );
  const touches = cells.length * 20;
  await paidLineItem(world, { merchantId: shop.id, campaignId, priceFen: touches * 12, touches, cells });
  for (const [n, { communityId, at }] of cells.entries())
    await tell(world, { campaignId, communityId, at, milli: 1_000 * (5 + (n % 13)) });
  await world.app.billing.run(new AbortController().signal);
  const scan = { terminalId: newId('terminal'), entranceId: here.entranceId, communityId: here.communityId };
  const play = { ...scan, campaignId, merchantId: shop.id, dealId: null, clipPrefix: 'a' };
  const visits = cells.slice(0, 45).map(({ at }) => ({ ...play, id: newId('visit'), halfHour: at, at }));
  await world.store.tx((q) => q.insertMany(q.t.visits, visits));
  return { merchant: shop.token, operator: world.operator, campaignId, emptyId };
}

interface Told {
  readonly campaignId: string;
  readonly communityId: string;
  readonly at: InstantMs;
  readonly milli: number;
}

async function tell({ store, clock }: TestApp, { milli, ...key }: Told): Promise<void> {
  const plays = Math.ceil(milli / 1_000);
  const counts = { rendered: plays, viewable: plays, completed: plays, verifiedMilliTouches: milli, ambient: 3 };
  const shown = { panelOn: plays, shownMs: plays * 6_000, framesPresented: 100, framesDropped: 1 };
  const others = { people: {}, filtered: {}, placements: null, missing: 0 };
  const row = { ...key, version: 1, madeAt: clock.now(), ...counts, ...shown, ...others };
  const reported = { ...row, day: localDateOf(key.at, zone) };
  await store.tx(async (q) => {
    await q.insert(q.t.exposureReports).values(reported);
    await addToDay(q, [], reported);
    await markReport(q, reported);
  });
}

await run();
