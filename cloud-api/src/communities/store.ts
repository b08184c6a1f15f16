import { and, asc, eq, gt, inArray, like, or, sql, type Column, type SQL } from 'drizzle-orm';
import type { Reads } from '../platform/db/store.ts';
import type { Community, Entrance, Resident } from './contract.ts';

type CommunityRow = Reads['t']['communities']['$inferSelect'];

const shownCommunity = (row: CommunityRow): Community => ({
  id: row.id,
  name: row.name,
  zone: row.zone,
  propertyCompanyId: row.companyId,
  households: row.households,
  profile: { families: row.familiesPpm, commuters: row.commutersPpm, elderly: row.elderlyPpm },
});

export async function findCommunity(q: Reads, id: string): Promise<Community | undefined> {
  const [row] = await q.select().from(q.t.communities).where(eq(q.t.communities.id, id));
  return row && shownCommunity(row);
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

const residentColumns = (q: Reads) => {
  const { residents, units } = q.t;
  return {
    id: residents.id,
    communityId: residents.communityId,
    name: residents.name,
    phoneMasked: residents.phoneMasked,
    unit: units.number,
    building: units.building,
    hasPin: residents.hasPin,
  };
};

export async function findResident(q: Reads, id: string): Promise<Resident | undefined> {
  const { residents, units } = q.t;
  const [row] = await q
    .select(residentColumns(q))
    .from(residents)
    .innerJoin(units, eq(units.id, residents.unitId))
    .where(eq(residents.id, id));
  return row;
}

/** Latin letters of either case, on both databases: PostgreSQL's LIKE minds the case, SQLite's does not. */
const containsText = (column: Column, text: string): SQL | undefined =>
  or(like(column, `%${text}%`), like(sql`lower(${column})`, `%${text.toLowerCase()}%`));

export async function listResidents(
  q: Reads,
  communityId: string,
  search: string | undefined,
  afterId: string,
  limit: number,
): Promise<Resident[]> {
  const { residents, units } = q.t;
  const text = search?.replace(/[%_\\]/g, '');
  const matches =
    text === undefined ? undefined : or(containsText(residents.name, text), like(units.number, `%${text}%`));
  return q
    .select(residentColumns(q))
    .from(residents)
    .innerJoin(units, eq(units.id, residents.unitId))
    .where(and(eq(residents.communityId, communityId), gt(residents.id, afterId), matches))
    .orderBy(asc(residents.id))
    .limit(limit);
}

export async function findUnit(
  q: Reads,
  communityId: string,
  building: string,
  number: string,
): Promise<string | undefined> {
  const t = q.t.units;
  const [row] = await q
    .select({ id: t.id })
    .from(t)
    .where(and(eq(t.communityId, communityId), eq(t.building, building), eq(t.number, number)));
  return row?.id;
}
