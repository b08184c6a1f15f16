import { and, asc, eq, gte, inArray, lt, lte, sql } from 'drizzle-orm';
import { instant, type InstantMs } from '@gatecast/firmware-protocol';
import { prepared, type Marks } from '../platform/db/prepared.ts';
import type { Reads, Store, Tx } from '../platform/db/store.ts';
import { newestFirst, type NewestFirst, type Paging } from '../platform/newest-first.ts';
import { orderStatus, type OrderStatus } from './contract.ts';
import { orderTransitions, statesBefore } from './rules.ts';

type Orders = Store['read']['t']['orders'];
export type OrderRow = Orders['$inferSelect'];

/** Well below the number of parameters that either database takes. */
const residentsAtOnce = 500;

const orderById = prepared('orders.by-id', (q: Reads, v: Marks<{ id: string }>) =>
  q.select().from(q.t.orders).where(eq(q.t.orders.id, v.id)),
);

export async function findOrder(q: Reads, id: string): Promise<OrderRow | undefined> {
  const [row] = await orderById(q, { id });
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

/** A statement for each state that an order can go to. */
const moves = new Map(
  orderStatus.options.map((to) => [
    to,
    prepared(`orders.to-${to}`, (q: Tx, v: Marks<{ id: string; pickedUpAt: InstantMs | null }>) =>
      q
        .update(q.t.orders)
        .set({ status: to, pickedUpAt: sql`coalesce(${v.pickedUpAt}, ${q.t.orders.pickedUpAt})` })
        .where(and(eq(q.t.orders.id, v.id), inArray(q.t.orders.status, statesBefore(orderTransitions, to))))
        .returning(),
    ),
  ]),
);

/** Takes a step of the table; undefined if the order is not where that step begins. */
export async function moveOrder(
  q: Tx,
  id: string,
  to: OrderStatus,
  { pickedUpAt = null }: { readonly pickedUpAt?: InstantMs | null } = {},
): Promise<OrderRow | undefined> {
  const [moved] = (await moves.get(to)?.(q, { id, pickedUpAt })) ?? [];
  return moved;
}

/** Every local day of the world begins at a whole quarter of an hour. */
const quarterMs = 900_000;
/** Paid, and not given back. */
const kept = ['paid', 'ready', 'picked-up'] as const;

export interface CountedOrders {
  readonly communityId: string;
  /** Start of the quarter of an hour in which they were placed. */
  readonly at: InstantMs;
  readonly orders: number;
  readonly pickedUp: number;
}

/** Paid orders of communities at a merchant's stores, or at one of them, by the quarter of an hour in which they were placed; and how many of these were picked up. */
export async function countedOrders(
  q: Reads,
  where: {
    readonly merchantId: string;
    readonly storeId: string | null;
    readonly communityIds: readonly string[];
    readonly from: InstantMs;
    readonly to: InstantMs;
  },
): Promise<CountedOrders[]> {
  if (where.communityIds.length === 0) return [];
  const { orders: t, deals: d } = q.t;
  const quarter = sql<number>`${t.createdAt} - ${t.createdAt} % ${sql.raw(String(quarterMs))}`;
  const found = await q
    .select({
      communityId: d.communityId,
      at: quarter.mapWith(Number),
      orders: sql<number>`count(*)`.mapWith(Number),
      pickedUp: sql<number>`count(${t.pickedUpAt})`.mapWith(Number),
    })
    .from(t)
    .innerJoin(d, eq(d.id, t.dealId))
    .where(
      and(
        eq(t.merchantId, where.merchantId),
        gte(t.createdAt, where.from),
        lt(t.createdAt, where.to),
        where.storeId === null ? undefined : eq(t.storeId, where.storeId),
        inArray(d.communityId, [...where.communityIds]),
        inArray(t.status, [...kept]),
      ),
    )
    .groupBy(d.communityId, quarter);
  return found.map((row) => ({ ...row, at: instant(row.at) }));
}

/** What waits at a store for any of these residents. */
export async function waitingOrders(q: Reads, residentIds: readonly string[]): Promise<OrderRow[]> {
  const t = q.t.orders;
  const found: OrderRow[] = [];
  for (let start = 0; start < residentIds.length; start += residentsAtOnce) {
    const some = residentIds.slice(start, start + residentsAtOnce);
    found.push(
      ...(await q
        .select()
        .from(t)
        .where(and(inArray(t.residentId, some), eq(t.status, 'ready')))),
    );
  }
  return found;
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

/** What a merchant's buyers have not paid yet they can pay no more: the job that looks for what is over lets it go. */
export async function endPayingTime(q: Tx, merchantId: string, now: InstantMs): Promise<void> {
  const t = q.t.orders;
  await q
    .update(t)
    .set({ payUntil: now })
    .where(and(eq(t.merchantId, merchantId), eq(t.status, 'awaiting-payment')));
}
