import { and, asc, eq, gt, inArray } from 'drizzle-orm';
import type { Reads } from '../platform/db/store.ts';
import type { Store as Shop } from './contract.ts';

/** A store without what only this table knows. */
const columnsOf = (q: Reads) => {
  const { id, merchantId, name, address, communityId, hours } = q.t.stores;
  return { id, merchantId, name, address, communityId, hours };
};

export async function findStores(q: Reads, ids: readonly string[]): Promise<Shop[]> {
  if (ids.length === 0) return [];
  return q
    .select(columnsOf(q))
    .from(q.t.stores)
    .where(inArray(q.t.stores.id, [...ids]));
}

export async function storesOfMerchants(q: Reads, merchantIds: readonly string[]): Promise<Shop[]> {
  if (merchantIds.length === 0) return [];
  const t = q.t.stores;
  return q
    .select(columnsOf(q))
    .from(t)
    .where(inArray(t.merchantId, [...merchantIds]))
    .orderBy(asc(t.id));
}

export async function listStores(
  q: Reads,
  own: { readonly merchantId?: string | undefined; readonly communityId?: string | undefined },
  after: string,
  take: number,
): Promise<Shop[]> {
  const t = q.t.stores;
  const ofMerchant = own.merchantId === undefined ? undefined : eq(t.merchantId, own.merchantId);
  const inCommunity = own.communityId === undefined ? undefined : eq(t.communityId, own.communityId);
  return q
    .select(columnsOf(q))
    .from(t)
    .where(and(gt(t.id, after), ofMerchant, inCommunity))
    .orderBy(asc(t.id))
    .limit(take);
}

export async function listMerchants(q: Reads, ownId: string | undefined, after: string, take: number) {
  const t = q.t.merchants;
  return q
    .select({ id: t.id, name: t.name })
    .from(t)
    .where(and(gt(t.id, after), ownId === undefined ? undefined : eq(t.id, ownId)))
    .orderBy(asc(t.id))
    .limit(take);
}

export async function merchantNames(q: Reads, ids: readonly string[]): Promise<ReadonlyMap<string, string>> {
  if (ids.length === 0) return new Map();
  const t = q.t.merchants;
  const rows = await q
    .select({ id: t.id, name: t.name })
    .from(t)
    .where(inArray(t.id, [...new Set(ids)]));
  return new Map(rows.map((row) => [row.id, row.name]));
}
