import type { InstantMs } from '@gatecast/firmware-protocol';
import { and, eq, gte, inArray, lt, sql } from 'drizzle-orm';
import type { OrderStatus } from '../groupbuy/contract.ts';
import type { Reads } from '../platform/db/store.ts';

/** What scans of a campaign's codes led to. */
export interface TraceSums {
  readonly scans: number;
  /** That were paid and not sent back. */
  readonly orders: number;
  readonly pickedUp: number;
  readonly orderFen: number;
}
export const noTraces: TraceSums = { scans: 0, orders: 0, pickedUp: 0, orderFen: 0 };

/** Orders that count for a campaign: paid, and not sent back. */
export const standing: readonly OrderStatus[] = ['paid', 'ready', 'picked-up'];

/** By campaign, of the scans of a span; an order counts where its scan does, whenever it was made. One that nobody scanned is not in it. */
export async function traceSums(
  q: Reads,
  campaignIds: readonly string[],
  { from, to }: { readonly from: InstantMs; readonly to: InstantMs },
): Promise<ReadonlyMap<string, TraceSums>> {
  if (campaignIds.length === 0) return new Map();
  const { visits: v, orders: o } = q.t;
  const count = (what: unknown) => sql<number>`count(${what})`.mapWith(Number);
  const rows = await q
    .select({
      campaignId: v.campaignId,
      // A visit may lead to several orders.
      scans: sql<number>`count(distinct ${v.id})`.mapWith(Number),
      orders: count(o.id),
      pickedUp: count(o.pickedUpAt),
      orderFen: sql<number>`coalesce(sum(${o.totalFen}), 0)`.mapWith(Number),
    })
    .from(v)
    .leftJoin(o, and(eq(o.visitId, v.id), inArray(o.status, [...standing])))
    .where(and(inArray(v.campaignId, [...campaignIds]), gte(v.at, from), lt(v.at, to)))
    .groupBy(v.campaignId);
  return new Map(rows.map(({ campaignId, ...sums }) => [campaignId, sums]));
}
