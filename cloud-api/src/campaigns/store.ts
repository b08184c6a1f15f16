import { and, asc, desc, eq, gt, gte, inArray, lt, lte, or, sql, type SQL } from 'drizzle-orm';
import { instant, type InstantMs } from '@gatecast/firmware-protocol';
import { decodeCursor } from '../platform/cursor.ts';
import type { Reads, Store, Tx } from '../platform/db/store.ts';
import { newestFirst, type NewestFirst, type Paging } from '../platform/newest-first.ts';
import { bookingStatesBefore, type BookingStatus } from './rules.ts';

type T = Store['read']['t'];
export type CampaignRow = T['campaigns']['$inferSelect'];
export type BookingRow = T['bookings']['$inferSelect'];

export async function findCampaigns(q: Reads, ids: readonly string[]): Promise<ReadonlyMap<string, CampaignRow>> {
  if (ids.length === 0) return new Map();
  const rows = await q
    .select()
    .from(q.t.campaigns)
    .where(inArray(q.t.campaigns.id, [...new Set(ids)]));
  return new Map(rows.map((row) => [row.id, row]));
}

export async function findCampaign(
  q: Reads,
  by: { readonly id: string } | { readonly no: number },
): Promise<CampaignRow | undefined> {
  const t = q.t.campaigns;
  const [row] = await q
    .select()
    .from(t)
    .where('id' in by ? eq(t.id, by.id) : eq(t.no, by.no));
  return row;
}

/** The next number of a campaign. Hold the lock `campaign-no`. */
export async function nextCampaignNo(q: Tx): Promise<number> {
  const t = q.t.campaigns;
  const [row] = await q.select({ no: t.no }).from(t).orderBy(desc(t.no)).limit(1);
  return (row?.no ?? 0) + 1;
}

export async function listCampaigns(
  q: Reads,
  { merchantId, ...paging }: Paging & { readonly merchantId?: string | undefined },
): Promise<{ readonly rows: CampaignRow[]; readonly list: NewestFirst }> {
  const t = q.t.campaigns;
  const list = newestFirst(t.createdAt, t.id, paging);
  const rows = await q
    .select()
    .from(t)
    .where(and(list.where, merchantId === undefined ? undefined : eq(t.merchantId, merchantId)))
    .orderBy(...list.order)
    .limit(list.take);
  return { rows, list };
}

/** Paid bookings of each campaign. */
export async function paidCounts(q: Reads, campaignIds: readonly string[]): Promise<ReadonlyMap<string, number>> {
  if (campaignIds.length === 0) return new Map();
  const t = q.t.bookings;
  const rows = await q
    .select({ campaignId: t.campaignId, n: sql<number>`count(*)`.mapWith(Number) })
    .from(t)
    .where(and(inArray(t.campaignId, [...campaignIds]), eq(t.status, 'paid')))
    .groupBy(t.campaignId);
  return new Map(rows.map(({ campaignId, n }) => [campaignId, n]));
}

export async function slotsTaken(
  q: Reads,
  communityId: string,
  between: { readonly from: InstantMs; readonly to: InstantMs },
): Promise<ReadonlyMap<InstantMs, number>> {
  const t = q.t.slots;
  const rows = await q
    .select()
    .from(t)
    .where(and(eq(t.communityId, communityId), gte(t.at, between.from), lt(t.at, between.to)));
  return new Map(rows.map((row) => [row.at, row.heldTouches + row.soldTouches]));
}

/**
 * Holds touches of a half-hour, if so many are left of what the forecast expects now: one conditional update. False: sold out.
 */
export async function holdTouches(
  q: Tx,
  slot: { readonly communityId: string; readonly at: InstantMs; readonly forecastTouches: number },
  touches: number,
): Promise<boolean> {
  const t = q.t.slots;
  const { communityId, at, forecastTouches } = slot;
  await q
    .insert(t)
    .values({ communityId, at, capacityTouches: forecastTouches, heldTouches: 0, soldTouches: 0 })
    .onConflictDoNothing();
  const held = await q
    .update(t)
    .set({ capacityTouches: forecastTouches, heldTouches: sql`${t.heldTouches} + ${touches}` })
    .where(
      and(
        eq(t.communityId, communityId),
        eq(t.at, at),
        lte(sql`${t.heldTouches} + ${t.soldTouches} + ${touches}`, forecastTouches),
      ),
    )
    .returning({ at: t.at });
  return held.length > 0;
}

/** What was held is sold, or given back. */
export async function settleTouches(
  q: Tx,
  { communityId, at, touches }: Pick<BookingRow, 'communityId' | 'at' | 'touches'>,
  outcome: 'sold' | 'released' | 'refunded',
): Promise<void> {
  const t = q.t.slots;
  const held = outcome === 'refunded' ? 0 : touches;
  const sold = outcome === 'sold' ? touches : outcome === 'refunded' ? -touches : 0;
  await q
    .update(t)
    .set({ heldTouches: sql`${t.heldTouches} - ${held}`, soldTouches: sql`${t.soldTouches} + ${sold}` })
    .where(and(eq(t.communityId, communityId), eq(t.at, at)));
}

/** Takes a step of the table; undefined if the booking is not where that step begins. */
export async function moveBooking(q: Tx, id: string, to: BookingStatus): Promise<BookingRow | undefined> {
  const t = q.t.bookings;
  const [moved] = await q
    .update(t)
    .set({ status: to })
    .where(and(eq(t.id, id), inArray(t.status, bookingStatesBefore(to))))
    .returning();
  return moved;
}

export async function findBooking(q: Reads, id: string): Promise<BookingRow | undefined> {
  const [row] = await q.select().from(q.t.bookings).where(eq(q.t.bookings.id, id));
  return row;
}

export async function listBookings(
  q: Reads,
  {
    merchantId,
    campaignId,
    ...paging
  }: Paging & { readonly merchantId?: string | undefined; readonly campaignId?: string | undefined },
): Promise<{ readonly rows: BookingRow[]; readonly list: NewestFirst }> {
  const t = q.t.bookings;
  const list = newestFirst(t.createdAt, t.id, paging);
  const own = merchantId === undefined ? undefined : eq(t.merchantId, merchantId);
  const ofCampaign = campaignId === undefined ? undefined : eq(t.campaignId, campaignId);
  const rows = await q
    .select()
    .from(t)
    .where(and(list.where, own, ofCampaign))
    .orderBy(...list.order)
    .limit(list.take);
  return { rows, list };
}

export async function dueHolds(q: Reads, now: InstantMs, limit: number): Promise<string[]> {
  const t = q.t.bookings;
  const rows = await q
    .select({ id: t.id })
    .from(t)
    .where(and(eq(t.status, 'held'), lte(t.holdUntil, now)))
    .orderBy(asc(t.holdUntil))
    .limit(limit);
  return rows.map(({ id }) => id);
}

export async function paidBookings(
  q: Reads,
  communityId: string,
  between: { readonly from: InstantMs; readonly to: InstantMs },
): Promise<BookingRow[]> {
  const t = q.t.bookings;
  return q
    .select()
    .from(t)
    .where(and(eq(t.communityId, communityId), eq(t.status, 'paid'), gte(t.at, between.from), lt(t.at, between.to)))
    .orderBy(asc(t.at), asc(t.createdAt), asc(t.id));
}

/** Half-hours in which campaigns bought something, of any community that has plans; in steps of communities, each by its index. */
export async function boughtBetween(
  q: Reads,
  between: { readonly from: InstantMs; readonly to: InstantMs },
): Promise<Pick<BoughtHalfHour, 'campaignId' | 'communityId' | 'at'>[]> {
  const t = q.t.bookings;
  const communities = (await communitiesWithPlans(q)).map(({ communityId }) => communityId);
  const found = [];
  for (let i = 0; i < communities.length; i += communitiesPerRead) {
    const some = communities.slice(i, i + communitiesPerRead);
    const rows = await q
      .selectDistinct({ campaignId: t.campaignId, communityId: t.communityId, at: t.at })
      .from(t)
      .where(and(inArray(t.communityId, some), eq(t.status, 'paid'), gte(t.at, between.from), lt(t.at, between.to)))
      .orderBy(asc(t.communityId), asc(t.at));
    found.push(...rows);
  }
  return found;
}
const communitiesPerRead = 200;

/** Communities that a clip may still play in. */
export async function communitiesOfClip(q: Reads, clipId: string, from: InstantMs): Promise<string[]> {
  const { bookings: b, campaigns: c } = q.t;
  const rows = await q
    .selectDistinct({ communityId: b.communityId })
    .from(b)
    .innerJoin(c, eq(c.id, b.campaignId))
    .where(and(eq(c.clipId, clipId), eq(b.status, 'paid'), gte(b.at, from)));
  return rows.map(({ communityId }) => communityId);
}

/** What a campaign bought in one half-hour of a community. */
export interface BoughtHalfHour {
  readonly campaignId: string;
  readonly merchantId: string;
  readonly communityId: string;
  readonly at: InstantMs;
  readonly touches: number;
  readonly priceFen: number;
}

/** Paid half-hours, the latest first. Cursor: at, campaign, community. */
export async function boughtHalfHours(
  q: Reads,
  filter: {
    readonly merchantId?: string | undefined;
    readonly campaignId?: string | undefined;
    readonly cursor?: string | undefined;
  },
  take: number,
): Promise<BoughtHalfHour[]> {
  const t = q.t.bookings;
  const where = [
    eq(t.status, 'paid'),
    filter.merchantId === undefined ? undefined : eq(t.merchantId, filter.merchantId),
    filter.campaignId === undefined ? undefined : eq(t.campaignId, filter.campaignId),
    afterCursor(t, filter.cursor),
  ];
  return q
    .select({
      campaignId: t.campaignId,
      merchantId: t.merchantId,
      communityId: t.communityId,
      at: t.at,
      touches: sql<number>`sum(${t.touches})`.mapWith(Number),
      priceFen: sql<number>`sum(${t.priceFen})`.mapWith(Number),
    })
    .from(t)
    .where(and(...where))
    .groupBy(t.campaignId, t.merchantId, t.communityId, t.at)
    .orderBy(desc(t.at), asc(t.campaignId), asc(t.communityId))
    .limit(take);
}

function afterCursor(t: T['bookings'], cursor: string | undefined): SQL | undefined {
  if (cursor === undefined) return undefined;
  const [lastAt, campaignId, communityId] = decodeCursor<[number, string, string]>(cursor, [
    'number',
    'string',
    'string',
  ]);
  const at = instant(lastAt);
  const laterInPlace = or(
    gt(t.campaignId, campaignId),
    and(eq(t.campaignId, campaignId), gt(t.communityId, communityId)),
  );
  return or(lt(t.at, at), and(eq(t.at, at), laterInPlace));
}

export async function communitiesWithPlans(q: Reads): Promise<{ communityId: string; dayStart: InstantMs }[]> {
  return q.select().from(q.t.planDays).orderBy(asc(q.t.planDays.communityId));
}
