import { and, asc, eq, gt, inArray, lte, sql } from 'drizzle-orm';
import type { InstantMs } from '@gatecast/firmware-protocol';
import type { Reads, Store, Tx } from '../platform/db/store.ts';
import { newestFirst, type NewestFirst, type Paging } from '../platform/newest-first.ts';

type T = Store['read']['t'];
export type DealRow = T['deals']['$inferSelect'];
export type GroupRow = T['groups']['$inferSelect'];

export async function findDeals(q: Reads, ids: readonly string[]): Promise<ReadonlyMap<string, DealRow>> {
  if (ids.length === 0) return new Map();
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

/** Keeps stock for an order, if the deal is open and so many are left: one conditional update. */
export async function reserveStock(q: Tx, dealId: string, quantity: number, now: InstantMs): Promise<boolean> {
  const t = q.t.deals;
  const reserved = await q
    .update(t)
    .set({ reserved: sql`${t.reserved} + ${quantity}` })
    .where(
      and(
        eq(t.id, dealId),
        lte(t.opensAt, now),
        gt(t.closesAt, now),
        lte(sql`${t.reserved} + ${t.sold} + ${quantity}`, t.stock),
      ),
    )
    .returning({ id: t.id });
  return reserved.length > 0;
}

/** What was reserved is sold or free again; what was sold comes back with a refund. */
export async function settleStock(
  q: Tx,
  dealId: string,
  quantity: number,
  outcome: 'sold' | 'released' | 'returned',
): Promise<void> {
  const t = q.t.deals;
  const reserved = outcome === 'returned' ? 0 : quantity;
  const sold = outcome === 'sold' ? quantity : outcome === 'returned' ? -quantity : 0;
  await q
    .update(t)
    .set({ reserved: sql`${t.reserved} - ${reserved}`, sold: sql`${t.sold} + ${sold}` })
    .where(eq(t.id, dealId));
}

/** Counts an order against what one person may have; false beyond it. The first order obeys the limit like any other. */
export async function takeQuota(
  q: Tx,
  key: { readonly dealId: string; readonly residentId: string },
  quantity: number,
  perPersonMax: number,
): Promise<boolean> {
  const t = q.t.dealQuotas;
  await q
    .insert(t)
    .values({ ...key, quantity: 0 })
    .onConflictDoNothing();
  const taken = await q
    .update(t)
    .set({ quantity: sql`${t.quantity} + ${quantity}` })
    .where(
      and(
        eq(t.dealId, key.dealId),
        eq(t.residentId, key.residentId),
        lte(sql`${t.quantity} + ${quantity}`, perPersonMax),
      ),
    )
    .returning({ dealId: t.dealId });
  return taken.length > 0;
}

export async function giveBackQuota(
  q: Tx,
  key: { readonly dealId: string; readonly residentId: string },
  quantity: number,
): Promise<void> {
  const t = q.t.dealQuotas;
  await q
    .update(t)
    .set({ quantity: sql`${t.quantity} - ${quantity}` })
    .where(and(eq(t.dealId, key.dealId), eq(t.residentId, key.residentId)));
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
