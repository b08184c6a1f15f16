import type { InstantMs } from '@gatecast/firmware-protocol';
import { and, asc, desc, eq, exists, gt, gte, inArray, isNotNull, isNull, lt, notInArray, or, sql } from 'drizzle-orm';
import type { Reads, Tx } from '../platform/db/store.ts';
import { newestFirst, type Paging } from '../platform/newest-first.ts';

type T = Reads['t'];
export type ReplanRow = T['replans']['$inferSelect'];
export type OutlookRow = T['deliveryOutlooks']['$inferSelect'];
export type MakeGoodRow = T['makeGoods']['$inferSelect'];

const network = 'all';

/** Somebody wants a new plan. */
export async function wantPlan(q: Tx): Promise<void> {
  const t = q.t.deliveryState;
  await q
    .insert(t)
    .values({ id: network, wanted: 1, planned: 0 })
    .onConflictDoUpdate({ target: t.id, set: { wanted: sql`${t.wanted} + 1` } });
}

export async function wishes(q: Reads): Promise<{ readonly wanted: number; readonly planned: number }> {
  const t = q.t.deliveryState;
  const [row] = await q.select().from(t).where(eq(t.id, network));
  return row ?? { wanted: 0, planned: 0 };
}

/** All wishes up to this one are known to a plan that has been written. */
export async function notePlanned(q: Tx, planned: number): Promise<void> {
  const t = q.t.deliveryState;
  await q
    .update(t)
    .set({ planned })
    .where(and(eq(t.id, network), lt(t.planned, planned)));
}

export async function lastReplan(q: Reads): Promise<ReplanRow | undefined> {
  const t = q.t.replans;
  const [row] = await q.select().from(t).orderBy(desc(t.id)).limit(1);
  return row;
}

export async function listReplans(q: Reads, limit: number): Promise<ReplanRow[]> {
  const t = q.t.replans;
  return q.select().from(t).orderBy(desc(t.id)).limit(limit);
}

export async function addReplan(q: Tx, row: Omit<ReplanRow, 'id'>, keptSince: InstantMs): Promise<void> {
  const t = q.t.replans;
  await q.insert(t).values(row);
  await q.delete(t).where(lt(t.startedAt, keptSince));
}

/** Of these line items, those that are as they were when they were read: paid, running, with the same claim. */
export async function unchanged(
  q: Tx,
  seen: readonly { readonly id: string; readonly inventoryVersion: number }[],
): Promise<ReadonlySet<string>> {
  const t = q.t.bookings;
  const rows = await q
    .select({ id: t.id, inventoryVersion: t.inventoryVersion })
    .from(t)
    .where(
      and(
        inArray(
          t.id,
          seen.map(({ id }) => id),
        ),
        eq(t.status, 'paid'),
        isNull(t.pausedAt),
        isNull(t.settledAt),
      ),
    );
  const now = new Map(rows.map((row) => [row.id, row.inventoryVersion]));
  return new Set(seen.flatMap(({ id, inventoryVersion }) => (now.get(id) === inventoryVersion ? [id] : [])));
}

/** Cells are written there that no screen has been told of. */
export async function noteUnpublished(q: Tx, communityIds: readonly string[]): Promise<void> {
  const found = [...new Set(communityIds)].map((communityId) => ({ communityId }));
  await q.insertMany(q.t.deliveryUnpublished, found, { onConflict: 'nothing' });
}

/** Whoever takes them publishes them, in the same transaction. */
export async function takeUnpublished(q: Tx, limit: number): Promise<string[]> {
  const t = q.t.deliveryUnpublished;
  const found = (await q.select().from(t).orderBy(asc(t.communityId)).limit(limit)).map((row) => row.communityId);
  if (found.length > 0) await q.delete(t).where(inArray(t.communityId, found));
  return found;
}

/** Line items of many half-hours that do not run, with something planned from a half-hour on. */
export async function strayLines(q: Reads, from: InstantMs, limit: number): Promise<string[]> {
  const { bookingCells: t, bookings: b } = q.t;
  const ahead = q
    .select({ at: t.at })
    .from(t)
    .where(and(eq(t.bookingId, b.id), gte(t.at, from), isNull(t.deliveredMilli)));
  const found = await q
    .select({ id: b.id })
    .from(b)
    .where(
      and(
        gt(b.toAt, from),
        or(notInArray(b.status, ['paid']), isNotNull(b.pausedAt), isNotNull(b.settledAt)),
        exists(ahead),
      ),
    )
    .limit(limit);
  return found.map(({ id }) => id);
}

export async function outlooksOf(q: Reads, bookingIds: readonly string[]): Promise<ReadonlyMap<string, OutlookRow>> {
  if (bookingIds.length === 0) return new Map();
  const t = q.t.deliveryOutlooks;
  const rows = await q
    .select()
    .from(t)
    .where(inArray(t.bookingId, [...bookingIds]));
  return new Map(rows.map((row) => [row.bookingId, row]));
}

export const putOutlooks = (q: Tx, outlooks: readonly OutlookRow[]): Promise<void> =>
  q.insertMany(q.t.deliveryOutlooks, outlooks, {
    onConflict: { key: ['bookingId'], set: ['madeAt', 'expectedMilli', 'lowMilli', 'highMilli', 'behindSince'] },
  });

export async function dropOutlook(q: Tx, bookingId: string): Promise<void> {
  await q.delete(q.t.deliveryOutlooks).where(eq(q.t.deliveryOutlooks.bookingId, bookingId));
}

export type BehindRow = Awaited<ReturnType<typeof listBehind>>['rows'][number];

/** Line items that will get less than was bought, the newest of them first. */
export async function listBehind(
  q: Reads,
  { merchantId, ...paging }: Paging & { readonly merchantId?: string | undefined },
) {
  const { deliveryOutlooks: t, bookings: b, campaigns: c } = q.t;
  const list = newestFirst(t.behindSince, t.bookingId, paging);
  const rows = await q
    .select({ outlook: t, line: b, name: c.name })
    .from(t)
    .innerJoin(b, eq(b.id, t.bookingId))
    .innerJoin(c, eq(c.id, b.campaignId))
    .where(
      and(list.where, isNotNull(t.behindSince), merchantId === undefined ? undefined : eq(t.merchantId, merchantId)),
    )
    .orderBy(...list.order)
    .limit(list.take);
  return { rows, list };
}

/** The same as long as they run and nobody has paused them, those that are so since first; one more than `limit` says that there are more. */
export async function runningBehind(q: Reads, limit: number) {
  const { deliveryOutlooks: t, bookings: b, campaigns: c } = q.t;
  return q
    .select({
      bookingId: t.bookingId,
      behindSince: t.behindSince,
      expectedMilli: t.expectedMilli,
      touches: b.touches,
      name: c.name,
    })
    .from(t)
    .innerJoin(b, eq(b.id, t.bookingId))
    .innerJoin(c, eq(c.id, b.campaignId))
    .where(and(isNotNull(t.behindSince), eq(b.status, 'paid'), isNull(b.pausedAt), isNull(b.cancelledAt)))
    .orderBy(asc(t.behindSince), asc(t.bookingId))
    .limit(limit + 1);
}

export async function madeGoodCounts(q: Reads, bookingIds: readonly string[]): Promise<ReadonlyMap<string, number>> {
  if (bookingIds.length === 0) return new Map();
  const t = q.t.makeGoods;
  const rows = await q
    .select({ bookingId: t.bookingId, n: sql<number>`count(*)`.mapWith(Number) })
    .from(t)
    .where(inArray(t.bookingId, [...bookingIds]))
    .groupBy(t.bookingId);
  return new Map(rows.map(({ bookingId, n }) => [bookingId, n]));
}

export async function makeGoodsOf(q: Reads, bookingId: string): Promise<MakeGoodRow[]> {
  const t = q.t.makeGoods;
  return q.select().from(t).where(eq(t.bookingId, bookingId)).orderBy(asc(t.no));
}

export async function addMakeGood(q: Tx, row: MakeGoodRow): Promise<void> {
  await q.insert(q.t.makeGoods).values(row);
}
