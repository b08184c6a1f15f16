import { and, asc, desc, eq, gt, gte, inArray, isNull, lt, lte, notInArray, or, sql, type SQL } from 'drizzle-orm';
import { halfHourMs, instant, type InstantMs } from '@gatecast/firmware-protocol';
import { decodeCursor } from '../platform/cursor.ts';
import { containing } from '../platform/db/containing.ts';
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

/** What is looked for: a part of the name or the number of a campaign, or one of these merchants. */
export interface CampaignSearch {
  readonly text: string;
  readonly merchantIds: readonly string[];
}

export async function listCampaigns(
  q: Reads,
  {
    merchantId,
    search,
    ...paging
  }: Paging & { readonly merchantId?: string | undefined; readonly search?: CampaignSearch | undefined },
): Promise<{ readonly rows: CampaignRow[]; readonly list: NewestFirst }> {
  const t = q.t.campaigns;
  const list = newestFirst(t.createdAt, t.id, paging);
  const rows = await q
    .select()
    .from(t)
    .where(
      and(
        list.where,
        merchantId === undefined ? undefined : eq(t.merchantId, merchantId),
        search && fitsSearch(t, search),
      ),
    )
    .orderBy(...list.order)
    .limit(list.take);
  return { rows, list };
}

const campaignNo = /^#?(\d{1,9})$/;

function fitsSearch(t: T['campaigns'], { text, merchantIds }: CampaignSearch): SQL | undefined {
  const no = campaignNo.exec(text)?.[1];
  return or(
    containing(t.name, text),
    no === undefined ? undefined : eq(t.no, Number(no)),
    merchantIds.length === 0 ? undefined : inArray(t.merchantId, [...merchantIds]),
  );
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

/** What paid line items owe in half-hours of a community, in the order in which they were bought. */
export async function owedCells(
  q: Reads,
  communityId: string,
  between: { readonly from: InstantMs; readonly to: InstantMs },
): Promise<OwedCell[]> {
  const { bookingCells: t, bookings: b } = q.t;
  return q
    .select({
      bookingId: t.bookingId,
      campaignId: t.campaignId,
      merchantId: t.merchantId,
      communityId: t.communityId,
      at: t.at,
      placement: t.placement,
      plannedMilli: t.plannedMilli,
      sharePpm: t.sharePpm,
      deliveredMilli: t.deliveredMilli,
      segment: b.segment,
      pausedAt: b.pausedAt,
      product: b.product,
      holdoutPpm: b.holdoutPpm,
    })
    .from(t)
    .innerJoin(b, eq(b.id, t.bookingId))
    .where(and(eq(t.communityId, communityId), gte(t.at, between.from), lt(t.at, between.to)))
    .orderBy(asc(t.at), asc(b.createdAt), asc(b.id), asc(t.placement));
}

export type OwedCell = Omit<T['bookingCells']['$inferSelect'], 'keptPpm'> &
  Pick<BookingRow, 'segment' | 'pausedAt' | 'product' | 'holdoutPpm'>;

/** A half-hour of one community that was paid: all of it is owed there. */
export async function addOnlyCell(q: Tx, booking: BookingRow): Promise<void> {
  const { id, campaignId, merchantId, communityId, at, touches } = booking;
  const cell = { bookingId: id, campaignId, merchantId, communityId, at };
  await q.insert(q.t.bookingCells).values({ ...cell, placement: 'any', plannedMilli: touches * 1_000 });
}

/** What is reported stays: its part of the touches is nobody else's, also where the report is restated. */
export async function dropCells(q: Tx, bookingId: string): Promise<void> {
  const t = q.t.bookingCells;
  await q.delete(t).where(and(eq(t.bookingId, bookingId), isNull(t.deliveredMilli)));
}

/** The communities of each line item, by their ids. */
export async function placesOf(q: Reads, bookingIds: readonly string[]): Promise<ReadonlyMap<string, string[]>> {
  if (bookingIds.length === 0) return new Map();
  const t = q.t.bookingPlaces;
  const rows = await q
    .select()
    .from(t)
    .where(inArray(t.bookingId, [...new Set(bookingIds)]))
    .orderBy(asc(t.communityId));
  const places = new Map<string, string[]>();
  for (const { bookingId, communityId } of rows) places.set(bookingId, [...(places.get(bookingId) ?? []), communityId]);
  return places;
}

/** Half-hours in which campaigns bought something, of any community that has plans; in steps of communities, each by its index. */
export async function boughtBetween(
  q: Reads,
  between: { readonly from: InstantMs; readonly to: InstantMs },
): Promise<Pick<BoughtHalfHour, 'campaignId' | 'communityId' | 'at'>[]> {
  const t = q.t.bookingCells;
  const communities = (await communitiesWithPlans(q)).map(({ communityId }) => communityId);
  const found = [];
  for (let i = 0; i < communities.length; i += communitiesPerRead) {
    const some = communities.slice(i, i + communitiesPerRead);
    const rows = await q
      .selectDistinct({ campaignId: t.campaignId, communityId: t.communityId, at: t.at })
      .from(t)
      .where(and(inArray(t.communityId, some), gte(t.at, between.from), lt(t.at, between.to)))
      .orderBy(asc(t.communityId), asc(t.at));
    found.push(...rows);
  }
  return found;
}
const communitiesPerRead = 200;

/** What a campaign bought and ran, in the order of its spans, with the communities of each; what was never paid or wholly went back did not run. */
export async function lineItemsOf(
  q: Reads,
  campaignId: string,
): Promise<(BookingRow & { readonly communityIds: readonly string[] })[]> {
  const t = q.t.bookings;
  const found = await q
    .select()
    .from(t)
    .where(and(eq(t.campaignId, campaignId), inArray(t.status, ['paid', 'ended'])))
    .orderBy(asc(t.at), asc(t.id))
    .limit(lineItemsMax);
  const places = await placesOf(
    q,
    found.map(({ id }) => id),
  );
  return found.map((row) => ({ ...row, communityIds: places.get(row.id) ?? [row.communityId] }));
}
/** Of one campaign that are looked at together. */
const lineItemsMax = 1_000;

/** Whether a booking that is not over has a clip, whether one ever was, or neither. */
export async function useOfClip(q: Reads, clipId: string, now: InstantMs): Promise<'now' | 'before' | 'never'> {
  const { bookings: b, campaigns: c } = q.t;
  const found = await q
    .select({ status: b.status, end: sql<number>`max(coalesce(${b.toAt}, ${b.at} + ${halfHourMs}))`.mapWith(Number) })
    .from(b)
    .innerJoin(c, eq(c.id, b.campaignId))
    .where(and(eq(c.clipId, clipId), notInArray(b.status, ['expired', 'cancelled'])))
    .groupBy(b.status);
  const isLive = found.some(({ status, end }) => (status === 'held' || status === 'paid') && end > now);
  return isLive ? 'now' : found.length > 0 ? 'before' : 'never';
}

/** Communities that a clip may still play in. */
export async function communitiesOfClip(q: Reads, clipId: string, from: InstantMs): Promise<string[]> {
  const { bookingCells: t, campaigns: c } = q.t;
  const rows = await q
    .selectDistinct({ communityId: t.communityId })
    .from(t)
    .innerJoin(c, eq(c.id, t.campaignId))
    .where(and(eq(c.clipId, clipId), gte(t.at, from)));
  return rows.map(({ communityId }) => communityId);
}

/** Communities that anything of a merchant's may still play in. */
export async function communitiesOfMerchant(q: Reads, merchantId: string, from: InstantMs): Promise<string[]> {
  const t = q.t.bookingCells;
  const rows = await q
    .selectDistinct({ communityId: t.communityId })
    .from(t)
    .where(and(eq(t.merchantId, merchantId), gte(t.at, from)));
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
    /** Half-open. */
    readonly from?: InstantMs | undefined;
    readonly to?: InstantMs | undefined;
    readonly cursor?: string | undefined;
  },
  take: number,
): Promise<BoughtHalfHour[]> {
  const { bookingCells: t, bookings: b } = q.t;
  const where = [
    filter.merchantId === undefined ? undefined : eq(t.merchantId, filter.merchantId),
    filter.campaignId === undefined ? undefined : eq(t.campaignId, filter.campaignId),
    filter.from === undefined ? undefined : gte(t.at, filter.from),
    filter.to === undefined ? undefined : lt(t.at, filter.to),
    afterCursor(t, filter.cursor),
  ];
  return q
    .select({
      campaignId: t.campaignId,
      merchantId: t.merchantId,
      communityId: t.communityId,
      at: t.at,
      touches: sql<number>`sum(${t.plannedMilli}) / 1000`.mapWith(Math.floor),
      priceFen: sql<number>`sum(${b.priceFen} * ${t.plannedMilli} / (1000.0 * ${b.touches}))`.mapWith(Math.round),
    })
    .from(t)
    .innerJoin(b, eq(b.id, t.bookingId))
    .where(and(...where))
    .groupBy(t.campaignId, t.merchantId, t.communityId, t.at)
    .orderBy(desc(t.at), asc(t.campaignId), asc(t.communityId))
    .limit(take);
}

function afterCursor(t: T['bookingCells'], cursor: string | undefined): SQL | undefined {
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
