import type { InstantMs } from '@gatecast/firmware-protocol';
import { and, asc, inArray } from 'drizzle-orm';
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
