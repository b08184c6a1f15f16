import { and, eq } from 'drizzle-orm';
import type { Reads, Store } from '../platform/db/store.ts';
import { newestFirst, type NewestFirst, type Paging } from '../platform/newest-first.ts';

export type VisitRow = Store['read']['t']['visits']['$inferSelect'];

export async function findVisit(q: Reads, id: string): Promise<VisitRow | undefined> {
  const [row] = await q.select().from(q.t.visits).where(eq(q.t.visits.id, id));
  return row;
}

export async function listVisits(
  q: Reads,
  query: Paging & {
    readonly merchantId?: string | undefined;
    readonly campaignId?: string | undefined;
    readonly dealId?: string | undefined;
  },
): Promise<{ readonly rows: VisitRow[]; readonly list: NewestFirst }> {
  const t = q.t.visits;
  const list = newestFirst(t.at, t.id, query);
  const where = [
    list.where,
    query.merchantId === undefined ? undefined : eq(t.merchantId, query.merchantId),
    query.campaignId === undefined ? undefined : eq(t.campaignId, query.campaignId),
    query.dealId === undefined ? undefined : eq(t.dealId, query.dealId),
  ];
  const rows = await q
    .select()
    .from(t)
    .where(and(...where))
    .orderBy(...list.order)
    .limit(list.take);
  return { rows, list };
}
