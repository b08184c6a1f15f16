import { and, eq, gte, inArray, lt, sql } from 'drizzle-orm';
import { localDayNumber, picked, type LocalDays } from '../platform/db/local-days.ts';
import type { Reads } from '../platform/db/store.ts';
import { standing } from './campaign-sums.ts';

/** What scans of a place, a day, or both led to; an order counts where and when its scan did. */
export interface ScansBy {
  readonly communityId: string;
  /** As `localDayNumber` counts. */
  readonly day: number;
  readonly scans: number;
  /** That were paid and not sent back. */
  readonly orders: number;
  readonly pickedUp: number;
  readonly orderFen: number;
}

type Key = 'communityId' | 'day';
type Sums = Omit<ScansBy, Key>;

/** The scans of a campaign's codes in communities of one zone, by community, by local day or by both, in no order; no more than `limit` rows. */
export async function scansBy<const By extends Key>(
  q: Reads,
  campaignId: string,
  days: LocalDays,
  by: readonly By[],
  limit: number,
): Promise<(Sums & Pick<ScansBy, By>)[]> {
  const { visits: v, orders: o, communities: c } = q.t;
  const keys = picked({ communityId: v.communityId, day: localDayNumber(v.at, days) }, by);
  const rows = await q
    .select({
      ...keys,
      // A visit may lead to several orders.
      scans: sql<number>`count(distinct ${v.id})`.mapWith(Number),
      orders: sql<number>`count(${o.id})`.mapWith(Number),
      pickedUp: sql<number>`count(${o.pickedUpAt})`.mapWith(Number),
      orderFen: sql<number>`coalesce(sum(${o.totalFen}), 0)`.mapWith(Number),
    })
    .from(v)
    .innerJoin(c, and(eq(c.id, v.communityId), eq(c.zone, days.zone)))
    .leftJoin(o, and(eq(o.visitId, v.id), inArray(o.status, [...standing])))
    .where(and(eq(v.campaignId, campaignId), gte(v.at, days.from), lt(v.at, days.to)))
    .groupBy(...by.map((key) => keys[key]))
    .limit(limit);
  return rows as unknown as (Sums & Pick<ScansBy, By>)[];
}
