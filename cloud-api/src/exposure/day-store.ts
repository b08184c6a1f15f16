import { and, asc, eq, gte, inArray, lte, sql, type SQL, type SQLWrapper, type Column } from 'drizzle-orm';
import type { Reads } from '../platform/db/store.ts';
import type { Placement } from '@gatecast/firmware-protocol/messages';
import { placementSummed, summed, type DayRow, type DaySums } from './day-sums.ts';
import { placementOrder, type PlacementCounts } from './placements.ts';

export interface DaysQuery {
  readonly campaignId: string;
  /** Only these. */
  readonly communityIds?: readonly string[] | undefined;
  /** Local days, both included. */
  readonly from?: string | undefined;
  readonly to?: string | undefined;
}

/** Days of communities in one answer: a year of fifty of them, or two months of three hundred. */
export const daysMax = 20_000;

/** What a campaign got, by day and community in that order; no more than `limit` rows of them. */
export async function daysOf(q: Reads, query: DaysQuery, limit = daysMax): Promise<DayRow[]> {
  const t = q.t.exposureDays;
  return q
    .select()
    .from(t)
    .where(whereDays(q, query))
    .orderBy(asc(t.day), asc(t.communityId))
    .limit(Math.min(limit, daysMax));
}

/** What campaigns got in all. One of which nothing is reported is not in it. */
export async function sumsOf(
  q: Reads,
  campaignIds: readonly string[],
  span: Pick<DaysQuery, 'from' | 'to'> = {},
): Promise<ReadonlyMap<string, DaySums>> {
  if (campaignIds.length === 0) return new Map();
  const t = q.t.exposureDays;
  const rows = await q
    .select({ campaignId: t.campaignId, ...totals(t) })
    .from(t)
    .where(and(inArray(t.campaignId, [...new Set(campaignIds)]), ...between(t.day, span)))
    .groupBy(t.campaignId);
  return new Map(rows.map(({ campaignId, ...sums }) => [campaignId, sums]));
}

/** What a campaign got by local day over all communities, or by community over all days, in order; no more than {@link daysMax} rows. */
export async function sumsBy<By extends 'day' | 'communityId'>(
  q: Reads,
  by: By,
  query: DaysQuery,
): Promise<(DaySums & Record<By, string>)[]> {
  const t = q.t.exposureDays;
  const rows = await q
    .select({ name: sql<string>`${t[by]}`, ...totals(t) })
    .from(t)
    .where(whereDays(q, query))
    .groupBy(t[by])
    .orderBy(asc(t[by]))
    .limit(daysMax);
  return rows.map(({ name, ...sums }) => ({ ...sums, ...named(by, name) }));
}

export interface PlacementSums extends PlacementCounts {
  readonly placement: Placement;
}

/** What a campaign got by kind of door, as far as reports tell it; one without anything is not in it. Not to be added up as people. */
export async function placementSums(
  q: Reads,
  { campaignId, communityIds, ...span }: DaysQuery,
): Promise<PlacementSums[]> {
  const t = q.t.exposureDayPlacements;
  const there = communityIds && inArray(t.communityId, [...communityIds]);
  const rows = await q
    .select({ placement: t.placement, ...sumsOfColumns(t, placementSummed) })
    .from(t)
    .where(and(eq(t.campaignId, campaignId), there, ...between(t.day, span)))
    .groupBy(t.placement);
  return placementOrder.flatMap((placement) => rows.filter((row) => row.placement === placement && row.rendered > 0));
}

const named = <By extends string>(by: By, name: string) => ({ [by]: name }) as Record<By, string>;

type Table = Reads['t']['exposureDays'];

const sumsOfColumns = <Name extends string>(t: Readonly<Record<Name, SQLWrapper>>, names: readonly Name[]) =>
  Object.fromEntries(names.map((name) => [name, sql<number>`sum(${t[name]})`.mapWith(Number)])) as Record<
    Name,
    SQL<number>
  >;
const totals = (t: Table) => sumsOfColumns(t, summed);

function whereDays(q: Reads, { campaignId, communityIds, ...span }: DaysQuery): SQL | undefined {
  const t = q.t.exposureDays;
  const there = communityIds && inArray(t.communityId, [...communityIds]);
  return and(eq(t.campaignId, campaignId), there, ...between(t.day, span));
}

const between = (day: Column, { from, to }: Pick<DaysQuery, 'from' | 'to'>) => [
  from === undefined ? undefined : gte(day, from),
  to === undefined ? undefined : lte(day, to),
];
