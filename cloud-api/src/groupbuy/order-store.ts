import { and, asc, eq, inArray, lte } from 'drizzle-orm';
import type { InstantMs } from '@gatecast/firmware-protocol';
import type { Reads, Store, Tx } from '../platform/db/store.ts';
import { newestFirst, type NewestFirst, type Paging } from '../platform/newest-first.ts';
import type { OrderStatus } from './contract.ts';
import { orderTransitions, statesBefore } from './rules.ts';

type Orders = Store['read']['t']['orders'];
export type OrderRow = Orders['$inferSelect'];

export async function findOrder(q: Reads, id: string): Promise<OrderRow | undefined> {
  const [row] = await q.select().from(q.t.orders).where(eq(q.t.orders.id, id));
  return row;
}

export async function listOrders(
  q: Reads,
  own: {
    readonly residentId?: string | undefined;
    readonly merchantId?: string | undefined;
    readonly storeId?: string | undefined;
    readonly dealId?: string | undefined;
  } & Paging,
): Promise<{ readonly rows: OrderRow[]; readonly list: NewestFirst }> {
  const t = q.t.orders;
  const list = newestFirst(t.createdAt, t.id, own);
  const where = [
    list.where,
    own.residentId === undefined ? undefined : eq(t.residentId, own.residentId),
    own.merchantId === undefined ? undefined : eq(t.merchantId, own.merchantId),
    own.storeId === undefined ? undefined : eq(t.storeId, own.storeId),
    own.dealId === undefined ? undefined : eq(t.dealId, own.dealId),
  ];
  const rows = await q
    .select()
    .from(t)
    .where(and(...where))
    .orderBy(...list.order)
    .limit(list.take);
  return { rows, list };
}

/** Takes a step of the table; undefined if the order is not where that step begins. */
export async function moveOrder(
  q: Tx,
  id: string,
  to: OrderStatus,
  set: Partial<Pick<OrderRow, 'pickedUpAt'>> = {},
): Promise<OrderRow | undefined> {
  const t = q.t.orders;
  const [moved] = await q
    .update(t)
    .set({ ...set, status: to })
    .where(and(eq(t.id, id), inArray(t.status, statesBefore(orderTransitions, to))))
    .returning();
  return moved;
}

export async function putIntoGroup(q: Tx, id: string, groupId: string): Promise<void> {
  await q.update(q.t.orders).set({ groupId }).where(eq(q.t.orders.id, id));
}

export async function ordersOfGroup(q: Reads, groupId: string): Promise<OrderRow[]> {
  return q.select().from(q.t.orders).where(eq(q.t.orders.groupId, groupId)).orderBy(asc(q.t.orders.createdAt));
}

export async function ordersOfVisits(q: Reads, visitIds: readonly string[]): Promise<OrderRow[]> {
  if (visitIds.length === 0) return [];
  const t = q.t.orders;
  return q
    .select()
    .from(t)
    .where(inArray(t.visitId, [...visitIds]))
    .orderBy(asc(t.createdAt), asc(t.id));
}

export async function dueOrders(q: Reads, now: InstantMs, limit: number): Promise<string[]> {
  const t = q.t.orders;
  const rows = await q
    .select({ id: t.id })
    .from(t)
    .where(and(eq(t.status, 'awaiting-payment'), lte(t.payUntil, now)))
    .orderBy(asc(t.payUntil))
    .limit(limit);
  return rows.map(({ id }) => id);
}
