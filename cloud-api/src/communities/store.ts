import { and, asc, desc, eq, gt, inArray, sql, type SQL } from 'drizzle-orm';
import type { Reads } from '../platform/db/store.ts';
import { pointOf } from '../platform/geo.ts';
import type { Community, Entrance } from './contract.ts';

type CommunityRow = Reads['t']['communities']['$inferSelect'];

const shownCommunity = (row: CommunityRow): Community => ({
  id: row.id,
  name: row.name,
  zone: row.zone,
  propertyCompanyId: row.companyId,
  households: row.households,
  profile: { families: row.familiesPpm, commuters: row.commutersPpm, elderly: row.elderlyPpm },
  location: pointOf(row),
  logDays: row.logDays,
  officePhone: row.officePhone,
  volumeCapPercent: row.volumeCapPercent,
  complaintHours: row.complaintHours,
  childrenPass: [...row.childrenPass],
});

export async function findCommunity(q: Reads, id: string): Promise<Community | undefined> {
  const [row] = await q.select().from(q.t.communities).where(eq(q.t.communities.id, id));
  return row && shownCommunity(row);
}

/** Ids in one question. */
const communitiesPerRead = 500;

/** Those of the communities that there are. */
export async function findCommunities(q: Reads, ids: readonly string[]): Promise<ReadonlyMap<string, Community>> {
  const t = q.t.communities;
  const unique = [...new Set(ids)];
  const found = new Map<string, Community>();
  for (let i = 0; i < unique.length; i += communitiesPerRead) {
    const some = unique.slice(i, i + communitiesPerRead);
    for (const row of await q.select().from(t).where(inArray(t.id, some))) found.set(row.id, shownCommunity(row));
  }
  return found;
}

/** The largest communities, by households. */
export async function largestCommunities(q: Reads, limit: number): Promise<string[]> {
  const t = q.t.communities;
  const rows = await q.select({ id: t.id }).from(t).orderBy(desc(t.households), asc(t.id)).limit(limit);
  return rows.map(({ id }) => id);
}

/** Those whose names have this in them, letter by letter: nothing in it stands for anything else. */
export async function communitiesNamed(
  q: Reads,
  part: string,
  limit: number,
): Promise<{ readonly id: string; readonly name: string }[]> {
  const t = q.t.communities;
  const pattern = `%${part.replaceAll(/[%_\\]/g, String.raw`\$&`)}%`;
  return q
    .select({ id: t.id, name: t.name })
    .from(t)
    .where(sql`lower(${t.name}) like lower(${pattern}) escape '\\'`)
    .orderBy(asc(t.name), asc(t.id))
    .limit(limit);
}

export interface CommunityFilter {
  readonly companyId?: string | undefined;
  readonly communityIds?: readonly string[] | undefined;
}

export async function listCommunities(
  q: Reads,
  filter: CommunityFilter,
  afterId: string,
  limit: number,
): Promise<Community[]> {
  const t = q.t.communities;
  const conditions: (SQL | undefined)[] = [gt(t.id, afterId)];
  if (filter.companyId !== undefined) conditions.push(eq(t.companyId, filter.companyId));
  if (filter.communityIds !== undefined) conditions.push(inArray(t.id, [...filter.communityIds]));
  const rows = await q
    .select()
    .from(t)
    .where(and(...conditions))
    .orderBy(asc(t.id))
    .limit(limit);
  return rows.map(shownCommunity);
}

export async function findCompany(q: Reads, id: string): Promise<{ id: string; name: string } | undefined> {
  const t = q.t.propertyCompanies;
  const [row] = await q.select({ id: t.id, name: t.name }).from(t).where(eq(t.id, id));
  return row;
}

export async function companyNames(q: Reads, ids: readonly string[]): Promise<ReadonlyMap<string, string>> {
  if (ids.length === 0) return new Map();
  const t = q.t.propertyCompanies;
  const rows = await q
    .select({ id: t.id, name: t.name })
    .from(t)
    .where(inArray(t.id, [...ids]));
  return new Map(rows.map(({ id, name }) => [id, name]));
}

export async function listCompanies(q: Reads, id: string | undefined, afterId: string, limit: number) {
  const t = q.t.propertyCompanies;
  const mine = id === undefined ? undefined : eq(t.id, id);
  return q
    .select({ id: t.id, name: t.name })
    .from(t)
    .where(and(gt(t.id, afterId), mine))
    .orderBy(asc(t.id))
    .limit(limit);
}

export async function findEntrance(q: Reads, id: string): Promise<Entrance | undefined> {
  const [row] = await q.select().from(q.t.entrances).where(eq(q.t.entrances.id, id));
  return row;
}

export async function listEntrances(
  q: Reads,
  communityId: string,
  afterId: string,
  limit: number,
): Promise<Entrance[]> {
  const t = q.t.entrances;
  return q
    .select()
    .from(t)
    .where(and(eq(t.communityId, communityId), gt(t.id, afterId)))
    .orderBy(asc(t.id))
    .limit(limit);
}
