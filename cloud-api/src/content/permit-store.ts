import type { InstantMs } from '@gatecast/firmware-protocol';
import { and, eq, inArray, type SQL } from 'drizzle-orm';
import type { Reads, Store, Tx } from '../platform/db/store.ts';
import { newestFirst, type NewestFirst, type Paging } from '../platform/newest-first.ts';
import type { Category } from './categories.ts';
import type { PermitStatus } from './permit-contract.ts';

type Permits = Store['read']['t']['permits'];
export type PermitRow = Permits['$inferSelect'];

export interface AcceptedPermit {
  readonly id: string;
  readonly merchantId: string;
  readonly category: Category;
  readonly validFrom: InstantMs;
  readonly validTo: InstantMs;
}

/** Those of the merchants that the operator accepted, past ones included. */
export async function acceptedPermits(q: Reads, merchantIds: readonly string[]): Promise<AcceptedPermit[]> {
  if (merchantIds.length === 0) return [];
  const t = q.t.permits;
  return q
    .select({ id: t.id, merchantId: t.merchantId, category: t.category, validFrom: t.validFrom, validTo: t.validTo })
    .from(t)
    .where(and(inArray(t.merchantId, [...new Set(merchantIds)]), eq(t.status, 'accepted')));
}

export async function findPermit(q: Reads, id: string): Promise<PermitRow | undefined> {
  const [row] = await q.select().from(q.t.permits).where(eq(q.t.permits.id, id));
  return row;
}

export async function countPermits(q: Reads, merchantId: string, status: PermitStatus): Promise<number> {
  const t = q.t.permits;
  return (
    await q
      .select({ id: t.id })
      .from(t)
      .where(and(eq(t.merchantId, merchantId), eq(t.status, status)))
  ).length;
}

export async function listPermits(
  q: Reads,
  {
    merchantId,
    status,
    ...paging
  }: Paging & { readonly merchantId?: string | undefined; readonly status?: PermitStatus | undefined },
): Promise<{ readonly rows: PermitRow[]; readonly list: NewestFirst }> {
  const t = q.t.permits;
  const list = newestFirst(t.createdAt, t.id, paging);
  const where: (SQL | undefined)[] = [
    list.where,
    merchantId === undefined ? undefined : eq(t.merchantId, merchantId),
    status === undefined ? undefined : eq(t.status, status),
  ];
  const rows = await q
    .select()
    .from(t)
    .where(and(...where))
    .orderBy(...list.order)
    .limit(list.take);
  return { rows, list };
}

/** Where a permit may go from each state. */
export const permitTransitions: Readonly<Record<PermitStatus, readonly PermitStatus[]>> = {
  waiting: ['accepted', 'refused'],
  accepted: ['withdrawn'],
  refused: [],
  withdrawn: [],
};

/** Takes a step of the table; undefined if the permit is not where that step begins. */
export async function movePermit(
  q: Tx,
  id: string,
  to: PermitStatus,
  set: Partial<Permits['$inferInsert']>,
): Promise<PermitRow | undefined> {
  const t = q.t.permits;
  const before = (Object.keys(permitTransitions) as PermitStatus[]).filter((from) =>
    permitTransitions[from].includes(to),
  );
  const [moved] = await q
    .update(t)
    .set({ ...set, status: to })
    .where(and(eq(t.id, id), inArray(t.status, before)))
    .returning();
  return moved;
}
