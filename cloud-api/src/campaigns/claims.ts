import { after, halfHourMs, instant, type InstantMs } from '@gatecast/firmware-protocol';
import { and, asc, eq, gt, inArray, isNull, ne, or } from 'drizzle-orm';
import { plannedWithHoldout } from '../lift/holdouts.ts';
import type { Reads } from '../platform/db/store.ts';
import type { Claim } from './demand.ts';
import type { LocalDays } from './line-item.ts';
import { placesOf, type BookingRow } from './store.ts';

/** End of a line item: one half-hour where none was named. */
export const endOf = ({ at, toAt }: Pick<BookingRow, 'at' | 'toAt'>): InstantMs => toAt ?? after(at, halfHourMs);

/** What a row claims of the inventory, in the communities that stand beside it. */
export function claimOf(row: BookingRow, communityIds: readonly string[]): Claim {
  return {
    id: row.id,
    communityIds,
    from: row.at,
    to: endOf(row),
    days: daysOf(row),
    dayparts: row.dayparts ?? [],
    placements: row.placements ?? [],
    segment: row.segment,
    milliTouches: plannedWithHoldout(Math.max(0, row.touches * 1_000 - row.deliveredMilli), row.holdoutPpm),
    // In hundredths of a fen, so that prices which differ a little are still different.
    weight: Math.max(1, Math.round((row.priceFen * 100) / Math.max(1, row.touches))),
    dayCapMilli: row.dayCapTouches === null ? null : row.dayCapTouches * 1_000,
    sold: row.soldLines,
  };
}

/** The local days of a line item; null where only moments were said. */
export const daysOf = ({ firstDay, lastDay }: Pick<BookingRow, 'firstDay' | 'lastDay'>): LocalDays | null =>
  firstDay !== null && lastDay !== null ? { firstDay, lastDay } : null;

const claiming = ['held', 'paid'] as const;
type Statuses = readonly (typeof claiming)[number][];
/** People who opted in are shown it once each: it takes no part of anybody's touches. */
const isClaiming = (row: BookingRow): boolean =>
  row.product !== 'ten-people' && (row.status === 'held' || row.status === 'paid') && row.pausedAt === null;

/** All line items that still claim something. Some at a time, so that others have their turn in between. */
export async function* running(q: Reads, now: InstantMs): AsyncGenerator<Claim[]> {
  for await (const lines of inPages(q, now, claiming)) yield lines.map(({ claim }) => claim);
}

export interface PlannedLine {
  readonly row: BookingRow;
  readonly claim: Claim;
}

/** Those of them that are paid: what is planned. */
export const planned = (q: Reads, now: InstantMs): AsyncGenerator<PlannedLine[]> => inPages(q, now, ['paid']);

async function* inPages(q: Reads, now: InstantMs, statuses: Statuses): AsyncGenerator<PlannedLine[]> {
  for (let last: string | undefined; ;) {
    const rows = await rowsOf(q, now, statuses, { last, limit: linesPerRead });
    const claims = await claimsOf(q, rows);
    yield rows.flatMap((row, n) => {
      const claim = claims[n];
      return claim ? [{ row, claim }] : [];
    });
    last = rows.at(-1)?.id;
    if (rows.length < linesPerRead || last === undefined) return;
  }
}
const linesPerRead = 100;

/** In the order of their ids, from the one after `last` on. */
async function rowsOf(
  q: Reads,
  now: InstantMs,
  statuses: Statuses,
  { last, limit }: { readonly last: string | undefined; readonly limit: number },
): Promise<BookingRow[]> {
  const t = q.t.bookings;
  return q
    .select()
    .from(t)
    .where(
      and(
        inArray(t.status, [...statuses]),
        isNull(t.pausedAt),
        ne(t.product, 'ten-people'),
        // One half-hour has no end of its own.
        or(gt(t.toAt, now), and(isNull(t.toAt), gt(t.at, instant(now - halfHourMs)))),
        last === undefined ? undefined : gt(t.id, last),
      ),
    )
    .orderBy(asc(t.id))
    .limit(limit);
}

/** Of line items: whose they are, what they show, where they play. Nothing said: any. */
export interface Which {
  readonly merchantId?: string;
  readonly clipId?: string;
  readonly communityId?: string;
}

/** Whether any of them is planned over its span; one half-hour is its own plan. */
export async function anyPlanned(q: Reads, now: InstantMs, which: Which): Promise<boolean> {
  const { bookings: t, bookingPlaces: places, campaigns } = q.t;
  const { merchantId, clipId, communityId } = which;
  const ofClip = (id: string) => q.select({ id: campaigns.id }).from(campaigns).where(eq(campaigns.clipId, id));
  const inCommunity = (id: string) => q.select({ id: places.bookingId }).from(places).where(eq(places.communityId, id));
  const found = await q
    .select({ id: t.id })
    .from(t)
    .where(
      and(
        eq(t.status, 'paid'),
        isNull(t.settledAt),
        gt(t.toAt, now),
        isNull(t.pausedAt),
        ne(t.product, 'ten-people'),
        merchantId === undefined ? undefined : eq(t.merchantId, merchantId),
        clipId === undefined ? undefined : inArray(t.campaignId, ofClip(clipId)),
        communityId === undefined ? undefined : inArray(t.id, inCommunity(communityId)),
      ),
    )
    .limit(1);
  return found.length > 0;
}

/** What has changed its claim after a version of the inventory, and who claims nothing any more. */
export async function changedSince(
  q: Reads,
  version: number,
): Promise<{ readonly claims: Claim[]; readonly gone: string[] }> {
  const t = q.t.bookings;
  const rows = await q.select().from(t).where(gt(t.inventoryVersion, version)).orderBy(asc(t.id));
  const gone = rows.filter((row) => !isClaiming(row)).map(({ id }) => id);
  return { claims: await claimsOf(q, rows.filter(isClaiming)), gone };
}

async function claimsOf(q: Reads, rows: readonly BookingRow[]): Promise<Claim[]> {
  const places = new Map<string, readonly string[]>();
  for (let i = 0; i < rows.length; i += rowsPerRead) {
    const some = rows.slice(i, i + rowsPerRead).map(({ id }) => id);
    for (const [id, communities] of await placesOf(q, some)) places.set(id, communities);
  }
  return rows.map((row) => claimOf(row, places.get(row.id) ?? [row.communityId]));
}
const rowsPerRead = 500;
