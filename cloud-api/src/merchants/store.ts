import type { InstantMs } from '@gatecast/firmware-protocol';
import { and, asc, eq, gt, inArray, isNotNull, lte, or, sql } from 'drizzle-orm';
import { containing } from '../platform/db/containing.ts';
import { prepared, type Marks } from '../platform/db/prepared.ts';
import type { Reads, Tx } from '../platform/db/store.ts';
import { pointOf } from '../platform/geo.ts';
import { oldestFirst, type NewestFirst, type Paging } from '../platform/newest-first.ts';
import type { Store as Shop } from './contract.ts';
import { merchantStatesBefore, type MerchantStatus } from './rules.ts';

/** A store without what only this table knows. */
const columnsOf = (q: Reads) => {
  const { id, merchantId, name, address, communityId, hours, latMicro, lonMicro } = q.t.stores;
  return { id, merchantId, name, address, communityId, hours, latMicro, lonMicro };
};
type ShopRow = Pick<Reads['t']['stores']['$inferSelect'], keyof ReturnType<typeof columnsOf>>;
const shown = ({ latMicro, lonMicro, ...shop }: ShopRow): Shop => ({
  ...shop,
  location: pointOf({ latMicro, lonMicro }),
});

const storeById = prepared('stores.by-id', (q: Reads, v: Marks<{ id: string }>) =>
  q.select(columnsOf(q)).from(q.t.stores).where(eq(q.t.stores.id, v.id)),
);

export async function findStores(q: Reads, ids: readonly string[]): Promise<Shop[]> {
  const [first] = ids;
  if (first === undefined) return [];
  if (ids.length === 1) return (await storeById(q, { id: first })).map(shown);
  const found = await q
    .select(columnsOf(q))
    .from(q.t.stores)
    .where(inArray(q.t.stores.id, [...ids]));
  return found.map(shown);
}

export async function storesOfMerchants(q: Reads, merchantIds: readonly string[]): Promise<Shop[]> {
  if (merchantIds.length === 0) return [];
  const t = q.t.stores;
  const found = await q
    .select(columnsOf(q))
    .from(t)
    .where(inArray(t.merchantId, [...merchantIds]))
    .orderBy(asc(t.id));
  return found.map(shown);
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
  const found = await q
    .select(columnsOf(q))
    .from(t)
    .where(and(gt(t.id, after), ofMerchant, inCommunity))
    .orderBy(asc(t.id))
    .limit(take);
  return found.map(shown);
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

/** Those with this in their names, some of them. */
export async function merchantsNamed(q: Reads, part: string, limit: number): Promise<string[]> {
  const t = q.t.merchants;
  const rows = await q.select({ id: t.id }).from(t).where(containing(t.name, part)).orderBy(asc(t.id)).limit(limit);
  return rows.map(({ id }) => id);
}

export async function approvedMerchants(q: Reads, ids: readonly string[]): Promise<ReadonlySet<string>> {
  const [first] = ids;
  if (first === undefined) return new Set();
  if (ids.length === 1) return new Set((await findMerchant(q, first))?.status === 'approved' ? [first] : []);
  const t = q.t.merchants;
  const rows = await q
    .select({ id: t.id })
    .from(t)
    .where(and(inArray(t.id, [...new Set(ids)]), eq(t.status, 'approved')));
  return new Set(rows.map(({ id }) => id));
}

export type MerchantRow = Reads['t']['merchants']['$inferSelect'];

const merchantById = prepared('merchants.by-id', (q: Reads, v: Marks<{ id: string }>) =>
  q.select().from(q.t.merchants).where(eq(q.t.merchants.id, v.id)),
);

export async function findMerchant(q: Reads, id: string): Promise<MerchantRow | undefined> {
  const [row] = await merchantById(q, { id });
  return row;
}

/** Takes a step of the table; undefined if the merchant is not where that step begins. */
export async function moveMerchant(
  q: Tx,
  id: string,
  to: MerchantStatus,
  set: Partial<Reads['t']['merchants']['$inferInsert']>,
): Promise<MerchantRow | undefined> {
  const t = q.t.merchants;
  const [moved] = await q
    .update(t)
    .set({ ...set, status: to })
    .where(and(eq(t.id, id), inArray(t.status, merchantStatesBefore(to))))
    .returning();
  return moved;
}

/** Whoever has been here longest stands first. */
export async function listApplications(
  q: Reads,
  status: MerchantStatus,
  paging: Paging,
): Promise<{ readonly rows: MerchantRow[]; readonly list: NewestFirst }> {
  const t = q.t.merchants;
  const list = oldestFirst(t.createdAt, t.id, paging);
  const found = await q
    .select()
    .from(t)
    .where(and(list.where, eq(t.status, status)))
    .orderBy(...list.order)
    .limit(list.take);
  return { rows: found, list };
}

export async function countApplied(q: Reads): Promise<number> {
  const t = q.t.merchants;
  const [row] = await q
    .select({ n: sql<number>`count(*)`.mapWith(Number) })
    .from(t)
    .where(eq(t.status, 'applied'));
  return row?.n ?? 0;
}

/** Others that gave the same numbers, by their names. */
export async function sharingLicences(
  q: Reads,
  numbers: readonly string[],
): Promise<{ id: string; name: string; licenceNumber: string | null }[]> {
  if (numbers.length === 0) return [];
  const t = q.t.merchants;
  return q
    .select({ id: t.id, name: t.name, licenceNumber: t.licenceNumber })
    .from(t)
    .where(inArray(t.licenceNumber, [...new Set(numbers)]));
}

/** Whose papers' time is over: rejected or suspended before then, and not back. */
export async function papersOver(
  q: Reads,
  before: Readonly<Record<'rejected' | 'suspended', InstantMs>>,
  max: number,
): Promise<MerchantRow[]> {
  const t = q.t.merchants;
  return q
    .select()
    .from(t)
    .where(
      or(
        and(eq(t.status, 'rejected'), lte(t.decidedAt, before.rejected), isNotNull(t.licenceSha256)),
        and(
          eq(t.status, 'suspended'),
          lte(t.decidedAt, before.suspended),
          or(isNotNull(t.licenceSha256), isNotNull(t.payeeSealed)),
        ),
      ),
    )
    .limit(max);
}

export async function isLicenceNamed(q: Reads, sha256: string): Promise<boolean> {
  const t = q.t.merchants;
  return (await q.select({ id: t.id }).from(t).where(eq(t.licenceSha256, sha256)).limit(1)).length > 0;
}
