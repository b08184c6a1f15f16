import { and, asc, eq, gte, inArray, lte, sql, type SQL } from 'drizzle-orm';
import type { Reads } from '../platform/db/store.ts';
import { summed, type DayRow, type DaySums } from './day-sums.ts';

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
    .where(and(inArray(t.campaignId, [...new Set(campaignIds)]), ...between(t, span)))
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

const named = <By extends string>(by: By, name: string) => ({ [by]: name }) as Record<By, string>;

type Table = Reads['t']['exposureDays'];

const totals = (t: Table) =>
  Object.fromEntries(summed.map((name) => [name, sql<number>`sum(${t[name]})`.mapWith(Number)])) as Record<
    keyof DaySums,
    SQL<number>
  >;

function whereDays(q: Reads, { campaignId, communityIds, ...span }: DaysQuery): SQL | undefined {
  const t = q.t.exposureDays;
  const there = communityIds && inArray(t.communityId, [...communityIds]);
  return and(eq(t.campaignId, campaignId), there, ...between(t, span));
}

const between = (t: Table, { from, to }: Pick<DaysQuery, 'from' | 'to'>) => [
  from === undefined ? undefined : gte(t.day, from),
  to === undefined ? undefined : lte(t.day, to),
];
