import { after, days, minutes, newId, type InstantMs } from '@gatecast/firmware-protocol';
import type { Segment } from '@gatecast/firmware-protocol/messages';
import { seedTown } from '../audience/audience-town.fixture.ts';
import { expectedAudience } from '../audience/day-curve.ts';
import { packCells } from '../audience/forecast-bytes.ts';
import { localDay } from '../audience/local-day.ts';
import { seeded } from '../allocation/market.fixture.ts';
import { bandOf } from '../allocation/segment-lines.ts';
import type { SoldLines } from '../allocation/sold-lines.ts';
import type { Store, Tx } from '../platform/db/store.ts';
import type { Daypart } from './line-item.ts';

const zone = 'Asia/Shanghai';
const everyDay = [1, 2, 3, 4, 5, 6, 7];
/** As the seeded town's, a touch at each of its three doors for each that is expected of the community. */
const town = { households: 300, profile: { families: 400_000, commuters: 300_000, elderly: 100_000 } };
const doors = 3;

const window = (from: number, to: number): Daypart => ({
  weekdays: everyDay,
  fromMinute: from * 60,
  toMinute: to * 60,
});
/** Peaks mostly, as stores buy them. */
const windows: readonly (readonly Daypart[])[] = [
  [window(7, 9)],
  [window(16.5, 21)],
  [window(7, 9), window(16.5, 21)],
  [window(18, 20)],
  [window(6, 23)],
];
const segments: readonly Segment[] = ['all', 'families', 'commuters', 'elderly'];

export interface SoldTown {
  readonly communityIds: readonly string[];
  /** Communities around one, itself first. */
  readonly near: (first: number, count: number) => string[];
  readonly firstDay: string;
  readonly lastDay: string;
}

export interface TownShape {
  readonly communities: number;
  readonly lineItems: number;
  /** What is sold of all that is expected, 0 to 1. */
  readonly sold: number;
}

/**
 * Communities whose forecasts are told and whose owners sell, and line items that are paid for the week after tomorrow: each for five to twenty communities around
 * a store, a third of them for everybody.
 */
export async function seedSoldTown(store: Store, shape: TownShape, now: InstantMs): Promise<SoldTown> {
  const { communities } = await seedTown(store, shape.communities, now);
  const ids = communities.map(({ id }) => id);
  const span = { from: localDay('2026-11-24', zone).from, to: localDay('2026-11-30', zone).to };
  const near = (first: number, count: number) =>
    ids.slice(first, first + count).concat(ids.slice(0, Math.max(0, first + count - ids.length)));
  await store.tx(async (q) => {
    await q.insertMany(
      q.t.ownerDecisions,
      ids.map((id) => decisionOf(id, now)),
    );
    const screens = communities.flatMap(({ id, screens: own }) =>
      own.map(({ entranceId }) => ({ communityId: id, entranceId })),
    );
    await tell(q, screens, now);
  });
  await sell(store, { ...shape, near, ...span }, now);
  return { communityIds: ids, near, firstDay: '2026-11-24', lastDay: '2026-11-30' };
}

const decisionOf = (communityId: string, now: InstantMs) => ({
  id: newId('ownerDecision'),
  communityId,
  title: 'minutes',
  decidedOn: '2026-11-01',
  fileSha256: '0'.repeat(64),
  fileType: 'application/pdf' as const,
  placements: ['gate' as const, 'unit-door' as const, 'lift' as const],
  hours: [],
  excluded: [],
  ownersSharePpm: 300_000,
  managementPpm: 100_000,
  validTo: after(now, days(400)),
  status: 'in-force' as const,
  recordedBy: newId('account'),
  createdAt: now,
  inForceFrom: now,
});

/** A fortnight of the same day at every door. */
async function tell(
  q: Tx,
  screens: readonly { readonly communityId: string; readonly entranceId: string }[],
  now: InstantMs,
): Promise<void> {
  const cells = packCells(
    expectedAudience(town).map(({ milliTouches: { all = 0 } }) => {
      const expectedMilli = Math.round(all);
      return { expectedMilli, lowMilli: Math.floor(all * 0.8), highMilli: Math.ceil(all * 1.2) };
    }),
  );
  const today = localDay('2026-11-23', zone).from;
  const starts = Array.from({ length: 14 }, (_, n) => after(today, days(n)));
  for (const at of starts)
    await q.insertMany(
      q.t.audienceForecasts,
      screens.map((screen) => ({ ...screen, at, cells, madeAt: now })),
    );
}

async function sell(
  store: Store,
  {
    communities,
    lineItems,
    sold,
    near,
    from,
    to,
  }: TownShape & Pick<SoldTown, 'near'> & { from: InstantMs; to: InstantMs },
  now: InstantMs,
): Promise<void> {
  const chance = seeded(7);
  const below = (n: number) => Math.floor(chance() * n);
  const ofDay = expectedAudience(town).reduce((sum, { milliTouches: { all = 0 } }) => sum + all, 0) / 1_000;
  const each = (ofDay * 7 * doors * communities * sold) / lineItems;
  const rows = Array.from({ length: lineItems }, () => {
    const communityIds = near(below(communities), Math.min(communities, 5 + below(16)));
    const segment = segments[below(3) === 0 ? 0 : 1 + below(3)] ?? 'all';
    // A touch of a segment takes about three.
    const touches = Math.max(1, Math.floor(each * (0.5 + chance()) * (segment === 'all' ? 1 : 1 / 3)));
    const dayparts = windows[below(windows.length)] ?? [];
    return { communityIds, segment, touches, dayparts, soldLines: soldOf(segment, touches, dayparts) };
  });
  for (let i = 0; i < rows.length; i += rowsPerTx)
    await store.tx(async (q) => {
      const some = rows.slice(i, i + rowsPerTx).map((row) => ({ ...row, id: newId('booking') }));
      await q.insertMany(
        q.t.bookings,
        some.map(({ communityIds, ...row }) => ({
          ...row,
          campaignId: newId('campaign'),
          merchantId: newId('merchant'),
          communityId: communityIds[0] ?? '',
          at: from,
          toAt: to,
          firstDay: '2026-11-24',
          lastDay: '2026-11-30',
          priceFen: row.touches * (10 + below(30)),
          status: 'paid' as const,
          holdUntil: after(now, minutes(10)),
          paymentId: newId('payment'),
          createdAt: now,
        })),
      );
      await q.insertMany(
        q.t.bookingPlaces,
        some.flatMap(({ id, communityIds }) => communityIds.map((communityId) => ({ bookingId: id, communityId }))),
      );
    });
}
const rowsPerTx = 500;

/** As a quote puts a segment: evenly over the bands of at least half the worth of the best. */
function soldOf(segment: Segment, touches: number, dayparts: readonly Daypart[]): SoldLines | null {
  if (segment === 'all') return null;
  const bands = new Map<number, { least: number; audience: number }>();
  expectedAudience(town).forEach(({ milliTouches: { all = 0, ...own } }, halfHour) => {
    const worth = Math.floor(((own[segment] ?? 0) / all) * 1_000_000);
    const minute = halfHour * 30;
    if (worth === 0 || !dayparts.some(({ fromMinute, toMinute }) => fromMinute <= minute && minute < toMinute)) return;
    const band = bands.get(bandOf(worth)) ?? { least: worth, audience: 0 };
    bands.set(bandOf(worth), { least: Math.min(band.least, worth), audience: band.audience + all });
  });
  const best = Math.max(...[...bands.values()].map(({ least }) => least));
  const chosen = [...bands].filter(([, { least }]) => least >= best / 2).sort(([a], [b]) => a - b);
  const worth = chosen.reduce((sum, [, { least, audience }]) => sum + least * audience, 0) / 1_000_000;
  const lines = chosen.map(([band, { audience }]) => ({
    band,
    milliTouches: Math.ceil((audience * touches * 1_000) / worth),
  }));
  return { ofMilliTouches: touches * 1_000, lines };
}
