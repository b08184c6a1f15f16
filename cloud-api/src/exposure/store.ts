import type { InstantMs } from '@gatecast/firmware-protocol';
import { and, asc, eq, gte, inArray, lt } from 'drizzle-orm';
import type { Reads, Store, Tx } from '../platform/db/store.ts';

export type ReportRow = Store['read']['t']['exposureReports']['$inferSelect'];

/** One campaign in one half-hour of a community. */
export interface ReportKey {
  readonly campaignId: string;
  readonly communityId: string;
  readonly at: InstantMs;
}

export const nameOf = ({ campaignId, communityId, at }: ReportKey): string => `${campaignId}|${communityId}|${at}`;

/** All versions of the reports, by {@link nameOf}, the oldest first. */
export async function reportsOf(q: Reads, keys: readonly ReportKey[]): Promise<ReadonlyMap<string, ReportRow[]>> {
  if (keys.length === 0) return new Map();
  const t = q.t.exposureReports;
  const distinct = <V>(pick: (key: ReportKey) => V): V[] => [...new Set(keys.map(pick))];
  const rows = await q
    .select()
    .from(t)
    .where(
      and(
        inArray(
          t.campaignId,
          distinct((key) => key.campaignId),
        ),
        inArray(
          t.communityId,
          distinct((key) => key.communityId),
        ),
        inArray(
          t.at,
          distinct((key) => key.at),
        ),
      ),
    )
    .orderBy(asc(t.version));
  return Map.groupBy(rows, nameOf);
}

export async function addReport(q: Tx, row: ReportRow): Promise<void> {
  await q.insert(q.t.exposureReports).values(row);
}

/** Plays of a campaign that its newest reports of a span do not count, by half-hour and community. */
export async function notCountedOf(
  q: Reads,
  { campaignId, communityIds, from, to }: NotCountedQuery,
): Promise<{ readonly at: InstantMs; readonly communityId: string; readonly plays: number }[]> {
  const t = q.t.exposureReports;
  const rows = await q
    .select({ at: t.at, communityId: t.communityId, filtered: t.filtered })
    .from(t)
    .where(and(eq(t.campaignId, campaignId), inArray(t.communityId, [...communityIds]), gte(t.at, from), lt(t.at, to)))
    .orderBy(asc(t.version));
  const newest = new Map(rows.map((row) => [`${row.communityId}|${row.at}`, row]));
  return [...newest.values()].map(({ at, communityId, filtered }) => ({
    at,
    communityId,
    plays: Object.values(filtered).reduce((sum, plays) => sum + plays, 0),
  }));
}

/** Half-hours of a span that a campaign's newest reports tell of, and in how many of them screens had not told of theirs. */
export async function silentIn(
  q: Reads,
  { campaignId, communityIds, from, to }: NotCountedQuery,
): Promise<{ readonly reported: number; readonly silent: number }> {
  const t = q.t.exposureReports;
  const rows = await q
    .select({ at: t.at, communityId: t.communityId, missing: t.missing })
    .from(t)
    .where(and(eq(t.campaignId, campaignId), inArray(t.communityId, [...communityIds]), gte(t.at, from), lt(t.at, to)))
    .orderBy(asc(t.version));
  const newest = new Map(rows.map((row) => [`${row.communityId}|${row.at}`, row.missing]));
  const silent = [...newest.values()].filter((missing) => missing > 0).length;
  return { reported: newest.size, silent };
}

export interface NotCountedQuery {
  readonly campaignId: string;
  readonly communityIds: readonly string[];
  readonly from: InstantMs;
  readonly to: InstantMs;
}
