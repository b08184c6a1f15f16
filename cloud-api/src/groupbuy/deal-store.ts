import { and, asc, eq, gt, inArray, lte, sql } from 'drizzle-orm';
import type { InstantMs } from '@gatecast/firmware-protocol';
import { prepared, type Marks } from '../platform/db/prepared.ts';
import type { Reads, Store, Tx } from '../platform/db/store.ts';
import { newestFirst, type NewestFirst, type Paging } from '../platform/newest-first.ts';

type T = Store['read']['t'];
export type DealRow = T['deals']['$inferSelect'];
export type GroupRow = T['groups']['$inferSelect'];

const dealById = prepared('deals.by-id', (q: Reads, v: Marks<{ id: string }>) =>
  q.select().from(q.t.deals).where(eq(q.t.deals.id, v.id)),
);

export async function findDeal(q: Reads, id: string): Promise<DealRow | undefined> {
  const [row] = await dealById(q, { id });
  return row;
}

export async function findDeals(q: Reads, ids: readonly string[]): Promise<ReadonlyMap<string, DealRow>> {
  const [first] = ids;
  if (first === undefined) return new Map();
  if (ids.length === 1) {
    const only = await findDeal(q, first);
    return new Map(only ? [[first, only]] : []);
  }
  const rows = await q
    .select()
    .from(q.t.deals)
    .where(inArray(q.t.deals.id, [...new Set(ids)]));
  return new Map(rows.map((row) => [row.id, row]));
}

export async function listDeals(
  q: Reads,
  {
    merchantId,
    storeId,
    communityId,
    ...paging
  }: Paging & {
    readonly merchantId?: string | undefined;
    readonly storeId?: string | undefined;
    readonly communityId?: string | undefined;
  },
): Promise<{ readonly rows: DealRow[]; readonly list: NewestFirst }> {
  const t = q.t.deals;
  const list = newestFirst(t.createdAt, t.id, paging);
  const own = merchantId === undefined ? undefined : eq(t.merchantId, merchantId);
  const ofStore = storeId === undefined ? undefined : eq(t.storeId, storeId);
  const there = communityId === undefined ? undefined : eq(t.communityId, communityId);
  const rows = await q
    .select()
    .from(t)
    .where(and(list.where, own, ofStore, there))
    .orderBy(...list.order)
    .limit(list.take);
  return { rows, list };
}

const reserve = prepared('deals.reserve', (q: Tx, v: Marks<{ dealId: string; quantity: number; now: InstantMs }>) => {
  const t = q.t.deals;
  return q
    .update(t)
    .set({ reserved: sql`${t.reserved} + ${v.quantity}` })
    .where(
      and(
        eq(t.id, v.dealId),
        lte(t.opensAt, v.now),
        gt(t.closesAt, v.now),
        lte(sql`${t.reserved} + ${t.sold} + ${v.quantity}`, t.stock),
      ),
    )
    .returning({ id: t.id });
});

/** Keeps stock for an order, if the deal is open and so many are left: one conditional update. */
export async function reserveStock(q: Tx, dealId: string, quantity: number, now: InstantMs): Promise<boolean> {
  return (await reserve(q, { dealId, quantity, now })).length > 0;
}

const countStock = prepared('deals.count', (q: Tx, v: Marks<{ dealId: string; reserved: number; sold: number }>) => {
  const t = q.t.deals;
  return q
    .update(t)
    .set({ reserved: sql`${t.reserved} - ${v.reserved}`, sold: sql`${t.sold} + ${v.sold}` })
    .where(eq(t.id, v.dealId));
});

/** What was reserved is sold or free again; what was sold comes back with a refund. */
export async function settleStock(
  q: Tx,
  dealId: string,
  quantity: number,
  outcome: 'sold' | 'released' | 'returned',
): Promise<void> {
  const reserved = outcome === 'returned' ? 0 : quantity;
  const sold = outcome === 'sold' ? quantity : outcome === 'returned' ? -quantity : 0;
  await countStock(q, { dealId, reserved, sold });
}

/** More than anybody may have: a column of 32 bits. */
const quotaMax = 2 ** 31 - 1;
const addToQuota = prepared(
  'deals.quota',
  (q: Tx, v: Marks<{ dealId: string; residentId: string; quantity: number; perPersonMax: number }>) => {
    const t = q.t.dealQuotas;
    return q
      .update(t)
      .set({ quantity: sql`${t.quantity} + ${v.quantity}` })
      .where(
        and(
          eq(t.dealId, v.dealId),
          eq(t.residentId, v.residentId),
          lte(sql`${t.quantity} + ${v.quantity}`, v.perPersonMax),
        ),
      )
      .returning({ left: t.quantity });
  },
);

/** Counts an order against what one person may have; false beyond it. The first order obeys the limit like any other. */
export async function takeQuota(
  q: Tx,
  key: { readonly dealId: string; readonly residentId: string },
  quantity: number,
  perPersonMax: number,
): Promise<boolean> {
  await q.insertMany(q.t.dealQuotas, [{ ...key, quantity: 0 }], { onConflict: 'nothing' });
  const taken = await addToQuota(q, { ...key, quantity, perPersonMax });
  return taken.length > 0;
}

export async function giveBackQuota(
  q: Tx,
  key: { readonly dealId: string; readonly residentId: string },
  quantity: number,
): Promise<void> {
  await addToQuota(q, { ...key, quantity: -quantity, perPersonMax: quotaMax });
}

/** The groups that the next order of each deal would join. */
export async function openGroups(
  q: Reads,
  dealIds: readonly string[],
  now: InstantMs,
): Promise<ReadonlyMap<string, GroupRow>> {
  if (dealIds.length === 0) return new Map();
  const t = q.t.groups;
  const rows = await q
    .select()
    .from(t)
    .where(and(inArray(t.dealId, [...new Set(dealIds)]), eq(t.status, 'open'), gt(t.expiresAt, now)))
    .orderBy(asc(t.openedAt), asc(t.id));
  const first = new Map<string, GroupRow>();
  for (const row of rows) if (!first.has(row.dealId)) first.set(row.dealId, row);
  return first;
}
