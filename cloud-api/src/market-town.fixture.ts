import type { AddressInfo } from 'node:net';
import { serve, type ServerType } from '@hono/node-server';
import {
  after,
  days,
  halfHourMs,
  hours,
  instant,
  newId,
  milliseconds,
  type InstantMs,
} from '@gatecast/firmware-protocol';
import { seedSoldTown } from './campaigns/sold-town.fixture.ts';
import { fillDesk } from './market-desk.fixture.ts';
import { ranOn, scanned } from './scheduled-reports/a-day.fixture.ts';
import { testApp, type TestApp } from './test-app.ts';
import { merchantAt } from './test-market.ts';
import { neighbourhood, type Neighbourhood } from './test-neighbourhood.ts';

/** Tuesday, 18:00 in Shanghai; the clock of the town stands on the Monday before. */
const evening = instant(Date.parse('2026-11-24T18:00:00+08:00'));
const halfHoursSold = 6;

/** What a browser's test is told of it, as one line of JSON. */
export interface MarketTown {
  readonly url: string;
  /** Sessions. */
  readonly operator: string;
  readonly manager: string;
  /** A line item that is going to fall short, and its campaign. */
  readonly behindId: string;
  readonly campaignId: string;
  /** Of a community of which nothing is for sale and nothing was shown. */
  readonly quietManager: string;
  /** One that hundreds of others without a decision of their owners stand before. */
  readonly lastUnsold: string;
  /** Of a merchant whose reports are made and cannot be sent, and of one that has none. */
  readonly reader: string;
  readonly newcomer: string;
}

/** More than any list asks for at once. */
const unsoldCommunities = 260;

/**
 * A cloud alone, whose communities sold something, on a socket for browsers until it is told to end: no door, no screen, no video. With `empty`, one that nobody
 * has set up.
 */
async function run(): Promise<void> {
  const world = await testApp();
  const town = process.argv.includes('empty') ? {} : await fill(world);
  const server = await listening(world);
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  process.stdout.write(`${JSON.stringify({ url, operator: world.operator, ...town })}\n`);
  process.once('SIGTERM', () => {
    server.close(() => void world.close());
    if ('closeAllConnections' in server) server.closeAllConnections();
  });
}

async function fill(world: TestApp): Promise<Omit<MarketTown, 'url' | 'operator'>> {
  const here = await neighbourhood(world);
  await seedSoldTown(world.store, { communities: 12, lineItems: 30, sold: 0.4 }, world.clock.now());
  const sold = await sellTo(world, here.communityId);
  await world.app.sellThrough.sum(AbortSignal.timeout(60_000));
  const quiet = await neighbourhood(world, { isForSale: false });
  const quietManager = quiet.manager;
  const merchants = await addReader(world, here);
  await fillDesk(world, here, quiet);
  await world.app.watch.look();
  return { manager: here.manager, quietManager, lastUnsold: await foundUnsold(world), ...sold, ...merchants };
}

/** Merchants of whom one had something on the screens the day before, wants reports, and has an address that nobody answers at. */
async function addReader(world: TestApp, here: Neighbourhood): Promise<Pick<MarketTown, 'reader' | 'newcomer'>> {
  const [reader, newcomer] = [await merchantAt(world, here, '老街牛肉面'), await merchantAt(world, here, '新开的花店')];
  const told = { merchantId: reader.id, communityId: here.communityId, day: '2026-11-22' };
  const campaignId = await ranOn(world, { ...told, halfHours: 4, reported: 4, touches: 1_240 }, '午市套餐');
  for (const status of ['picked-up', 'paid', null] as const)
    await scanned(world, { ...told, campaignId }, status && { status, totalFen: 2_880 });
  const body = { daily: true, weekly: true, monthly: false, webhook: { url: 'https://hooks.invalid/gatecast' } };
  await world.call('PUT', '/v1/report-schedule', { token: reader.token, body });
  await world.app.scheduledReports.run(AbortSignal.timeout(60_000));
  return { reader: reader.token, newcomer: newcomer.token };
}

/** Many communities whose owners have decided nothing; the name of the last one in the order of the lists. */
async function foundUnsold({ store, clock }: TestApp): Promise<string> {
  const ids = Array.from({ length: unsoldCommunities }, () => newId('community')).toSorted();
  const profile = { households: 300, familiesPpm: 0, commutersPpm: 0, elderlyPpm: 0 };
  const about = { companyId: newId('company'), zone: 'Asia/Shanghai', createdAt: clock.now(), ...profile };
  const named = ids.map((id, n) => ({ id, name: `云杉苑 ${n + 1} 期`, ...about }));
  await store.tx((q) => q.insertMany(q.t.communities, named));
  return named.at(-1)?.name ?? '';
}

const listening = ({ app }: TestApp): Promise<ServerType> =>
  new Promise((resolve, reject) => {
    const server = serve({ fetch: app.fetch, port: 0, hostname: '127.0.0.1' }, () => resolve(server));
    server.on('error', reject);
  });

/** Gives every line item a campaign, a clip and a merchant, plans some half-hours of it, and lets two of them fall short. */
async function sellTo(
  { store, clock }: TestApp,
  communityId: string,
): Promise<Pick<MarketTown, 'behindId' | 'campaignId'>> {
  const now = clock.now();
  const merchantId = newId('merchant');
  const clipId = newId('clip');
  const lines = await store.read.select().from(store.read.t.bookings);
  await store.tx(async (q) => {
    const { t } = q;
    await q.insert(t.merchants).values({ id: merchantId, name: '好邻居水果店', createdAt: now });
    await q.insert(t.clips).values(clipOf(clipId, merchantId, now));
    await q.insertMany(
      t.campaigns,
      lines.map(({ campaignId }, n) => ({
        id: campaignId,
        no: n + 1,
        merchantId,
        name: `草莓季第 ${n + 1} 批`,
        clipId,
        dealId: null,
        capPlays: null,
        capDays: null,
        createdAt: instant(now - n),
      })),
    );
    await q.update(t.bookings).set({ merchantId });
    await q.insertMany(
      t.bookingPlaces,
      lines.slice(0, 1).map(({ id }) => ({ bookingId: id, communityId })),
    );
    await q.insertMany(
      t.bookingCells,
      lines.flatMap((line, n) => cellsOf(line, merchantId, n)),
    );
    const [first] = lines;
    if (first) await q.insertMany(t.bookingCells, cellsOf({ ...first, communityId }, merchantId, 1));
    await q.insertMany(
      t.deliveryOutlooks,
      lines.slice(0, 2).map(({ id, touches }) => ({
        bookingId: id,
        merchantId,
        madeAt: now,
        behindSince: instant(now - hours(2)),
        expectedMilli: touches * 800,
        lowMilli: touches * 700,
        highMilli: touches * 900,
      })),
    );
    await q.insert(t.replans).values({
      startedAt: now,
      ms: 1_400,
      lineItems: lines.length,
      plannedPpm: 987_000,
      spreadPpm: 210_000,
      cellsChanged: 1_234,
      communitiesChanged: 12,
    });
  });
  return { behindId: lines[0]?.id ?? '', campaignId: lines[0]?.campaignId ?? '' };
}

/** One that everybody's line items show. */
function clipOf(clipId: string, merchantId: string, now: InstantMs) {
  const picture = { width: 720, height: 1_280, durationMs: 8_000 };
  const source = { sourceSha256: '0'.repeat(64), sourceBytes: 9, sourceWidth: 720, sourceHeight: 1_280 };
  return {
    id: clipId,
    merchantId,
    title: '当季草莓',
    createdAt: now,
    sha256: '0'.repeat(64),
    ...picture,
    ...source,
    sourceHasAudio: false,
    sourceConforms: true,
    status: 'approved',
    progressPercent: 100,
    category: 'food',
  } as const;
}

interface SoldLine {
  readonly id: string;
  readonly campaignId: string;
  readonly communityId: string;
}

/** Some half-hours of the evening, another day each. */
const cellsOf = ({ id, campaignId, communityId }: SoldLine, merchantId: string, n: number) =>
  Array.from({ length: halfHoursSold }, (_, i) => ({
    bookingId: id,
    campaignId,
    merchantId,
    communityId,
    placement: 'gate' as const,
    at: after(after(evening, days(n % 5)), milliseconds(halfHourMs * i)),
    plannedMilli: 2_000,
    sharePpm: 100_000 + 20_000 * (n % 10),
    keptPpm: null,
    deliveredMilli: null,
  }));

await run();
