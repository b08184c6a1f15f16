import { inArray } from 'drizzle-orm';
import type { Reads } from '../platform/db/store.ts';
import type { Community } from './contract.ts';

/** Who lives in a community, and when it rests. */
export interface CommunityFacts extends Pick<Community, 'id' | 'zone' | 'households' | 'profile'> {
  /** Local dates. */
  readonly holidays: ReadonlySet<string>;
}

/** Of many communities at once, in two queries; those that do not exist are not in it. */
export async function communityFacts(q: Reads, ids: readonly string[]): Promise<CommunityFacts[]> {
  if (ids.length === 0) return [];
  const t = q.t.communities;
  const rows = await q
    .select()
    .from(t)
    .where(inArray(t.id, [...ids]));
  const days = q.t.holidays;
  const holidays = await q
    .select()
    .from(days)
    .where(inArray(days.communityId, [...ids]));
  const byCommunity = Map.groupBy(holidays, ({ communityId }) => communityId);
  return rows.map((row) => ({
    id: row.id,
    zone: row.zone,
    households: row.households,
    profile: { families: row.familiesPpm, commuters: row.commutersPpm, elderly: row.elderlyPpm },
    holidays: new Set((byCommunity.get(row.id) ?? []).map(({ date }) => date)),
  }));
}

/** Where screens stand or could: the entrances of many communities. */
export async function entrancesOf(q: Reads, communityIds: readonly string[]) {
  if (communityIds.length === 0) return [];
  const t = q.t.entrances;
  return q
    .select()
    .from(t)
    .where(inArray(t.communityId, [...communityIds]));
}
