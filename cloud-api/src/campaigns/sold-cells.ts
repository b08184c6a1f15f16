import type { InstantMs } from '@gatecast/firmware-protocol';
import type { Placement } from '@gatecast/firmware-protocol/messages';
import { and, eq, gte, inArray, lt, sql } from 'drizzle-orm';
import type { Reads } from '../platform/db/store.ts';

/** What is sold of a half-hour of a placement of a community, all line items together. */
export interface SoldThere {
  readonly communityId: string;
  readonly at: InstantMs;
  readonly placement: Placement | 'any';
  /** Of line items that have the half-hour alone: whole touches. */
  readonly plannedMilli: number;
  /** Of the others: the part of all touches at which they play. */
  readonly sharePpm: number;
  /** As far as it is reported what was delivered, else what is planned, at the prices agreed. */
  readonly incomeMilliFen: number;
}

/** By what the newest plan owes, in some communities: what ten people are sold takes no touches from anybody. */
export async function soldBetween(
  q: Reads,
  communityIds: readonly string[],
  { from, to }: { readonly from: InstantMs; readonly to: InstantMs },
): Promise<SoldThere[]> {
  if (communityIds.length === 0) return [];
  const { bookingCells: t, bookings: b } = q.t;
  const takes = sql`${b.product} <> 'ten-people'`;
  return q
    .select({
      communityId: t.communityId,
      at: t.at,
      placement: t.placement,
      plannedMilli:
        sql<number>`sum(case when ${t.sharePpm} is null and ${takes} then ${t.plannedMilli} else 0 end)`.mapWith(
          Number,
        ),
      sharePpm: sql<number>`sum(case when ${takes} then coalesce(${t.sharePpm}, 0) else 0 end)`.mapWith(Number),
      incomeMilliFen:
        sql<number>`sum(${b.priceFen} * 1.0 * coalesce(${t.deliveredMilli}, ${t.plannedMilli}) / ${b.touches})`.mapWith(
          Math.round,
        ),
    })
    .from(t)
    .innerJoin(b, eq(b.id, t.bookingId))
    .where(and(inArray(t.communityId, [...communityIds]), gte(t.at, from), lt(t.at, to)))
    .groupBy(t.communityId, t.at, t.placement);
}
