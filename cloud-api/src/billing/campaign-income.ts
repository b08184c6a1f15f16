import type { InstantMs } from '@gatecast/firmware-protocol';
import { and, eq, gte, inArray, lt, sql } from 'drizzle-orm';
import type { Reads } from '../platform/db/store.ts';

/** What campaigns are billed so far for the half-hours of a span, by campaign: corrections and credits of these half-hours are in it. */
export async function billedFen(
  q: Reads,
  campaignIds: readonly string[],
  { from, to }: { readonly from: InstantMs; readonly to: InstantMs },
): Promise<ReadonlyMap<string, number>> {
  if (campaignIds.length === 0) return new Map();
  const { invoices: i, invoiceLines: t } = q.t;
  const rows = await q
    .select({ campaignId: i.campaignId, fen: sql<number>`sum(${t.amountFen})`.mapWith(Number) })
    .from(i)
    .innerJoin(t, eq(t.invoiceId, i.id))
    .where(and(inArray(i.campaignId, [...campaignIds]), gte(t.at, from), lt(t.at, to)))
    .groupBy(i.campaignId);
  return new Map(rows.map(({ campaignId, fen }) => [campaignId, fen]));
}
