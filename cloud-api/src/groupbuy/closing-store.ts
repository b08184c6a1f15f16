import { and, asc, eq, inArray, isNull, lte, sql } from 'drizzle-orm';
import type { InstantMs } from '@gatecast/firmware-protocol';
import type { Reads, Tx } from '../platform/db/store.ts';
import type { PaidOrder } from './deal-outcome.ts';
import type { OrderRow } from './order-store.ts';

/** Deals of whole communities whose time is over, until all their orders know it. Those of which something may still be paid are not among them. */
export async function dueDeals(q: Reads, now: InstantMs, limit: number): Promise<string[]> {
  const t = q.t.deals;
  const rows = await q
    .select({ id: t.id })
    .from(t)
    .where(and(eq(t.mode, 'community'), isNull(t.settledAt), lte(t.closesAt, now), eq(t.reserved, 0)))
    .orderBy(asc(t.closesAt))
    .limit(limit);
  return rows.map(({ id }) => id);
}

/** In the order in which they were placed, which is the order in which cases are shared. */
export async function paidOrders(q: Tx, dealId: string): Promise<PaidOrder[]> {
  const t = q.t.orders;
  return q
    .select({ orderId: t.id, residentId: t.residentId, quantity: t.quantity, extraUnits: t.extraUnits })
    .from(t)
    .where(and(eq(t.dealId, dealId), eq(t.status, 'paid')))
    .orderBy(asc(t.createdAt), asc(t.id));
}

/** False if somebody decided before, or if somebody may still pay. */
export async function writeOutcome(
  q: Tx,
  id: string,
  decided: {
    readonly outcome: 'complete' | 'failed';
    readonly finalPriceFen: number | null;
    readonly decidedAt: InstantMs;
  },
): Promise<boolean> {
  const t = q.t.deals;
  const written = await q
    .update(t)
    .set(decided)
    .where(and(eq(t.id, id), isNull(t.outcome), eq(t.reserved, 0), lte(t.closesAt, decided.decidedAt)))
    .returning({ id: t.id });
  return written.length > 0;
}

/** What each paid order gets. Beside what was asked these are few: no more than there are in a case. */
export async function writeGot(q: Tx, dealId: string, got: ReadonlyMap<string, number>): Promise<void> {
  const t = q.t.orders;
  const rows = await q
    .update(t)
    .set({ gotUnits: sql`${t.quantity}` })
    .where(and(eq(t.dealId, dealId), eq(t.status, 'paid')))
    .returning({ id: t.id, quantity: t.quantity });
  for (const { id, quantity } of rows) {
    const units = got.get(id) ?? 0;
    if (units !== quantity) await q.update(t).set({ gotUnits: units }).where(eq(t.id, id));
  }
}

/** Orders of a decided deal that do not know it yet. */
export async function untoldOrders(q: Tx, dealId: string, limit: number): Promise<OrderRow[]> {
  const t = q.t.orders;
  return q
    .select()
    .from(t)
    .where(and(eq(t.dealId, dealId), eq(t.status, 'paid')))
    .orderBy(asc(t.createdAt), asc(t.id))
    .limit(limit);
}

export async function writeBack(q: Tx, orderId: string, backFen: number): Promise<void> {
  await q.update(q.t.orders).set({ backFen }).where(eq(q.t.orders.id, orderId));
}

export async function markSettled(q: Tx, id: string, settledAt: InstantMs): Promise<void> {
  await q.update(q.t.deals).set({ settledAt }).where(eq(q.t.deals.id, id));
}

export interface Joined {
  readonly units: number;
  readonly people: number;
}

/** Who paid so far; a deal of which nobody did is not in it. */
export async function joinedOf(q: Reads, dealIds: readonly string[]): Promise<ReadonlyMap<string, Joined>> {
  if (dealIds.length === 0) return new Map();
  const t = q.t.orders;
  const rows = await q
    .select({
      dealId: t.dealId,
      units: sql<number>`sum(coalesce(${t.gotUnits}, ${t.quantity}))`.mapWith(Number),
      people: sql<number>`count(distinct ${t.residentId})`.mapWith(Number),
    })
    .from(t)
    .where(and(inArray(t.dealId, [...dealIds]), inArray(t.status, ['paid', 'ready', 'picked-up'])))
    .groupBy(t.dealId);
  return new Map(rows.map(({ dealId, ...joined }) => [dealId, joined]));
}
