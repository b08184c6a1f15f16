import { newId } from '@gatecast/firmware-protocol';
import { and, asc, count, eq, gt, inArray, like, min, or, type SQL } from 'drizzle-orm';
import type { Reads, Tx } from '../platform/db/store.ts';
import type { Building, Unit } from './place-contract.ts';
import { placeKey } from './place-key.ts';

export interface Place {
  readonly building: string;
  readonly number: string;
}

/** Key of a place in the maps of this module. */
export const placeId = ({ building, number }: Place): string => JSON.stringify([building, number]);

/** Numbers asked for at once; SQLite and PostgreSQL bound the values of one statement. */
const chunk = 500;

/** The ids of those units that are there, by `placeId`. */
export async function knownUnits(
  q: Reads,
  communityId: string,
  places: readonly Place[],
): Promise<Map<string, string>> {
  const t = q.t.units;
  const known = new Map<string, string>();
  const byBuilding = Map.groupBy(places, ({ building }) => building);
  for (const [building, own] of byBuilding) {
    const numbers = [...new Set(own.map(({ number }) => number))];
    for (let from = 0; from < numbers.length; from += chunk) {
      const rows = await q
        .select({ id: t.id, number: t.number })
        .from(t)
        .where(
          and(
            eq(t.communityId, communityId),
            eq(t.building, building),
            inArray(t.number, numbers.slice(from, from + chunk)),
          ),
        );
      for (const { id, number } of rows) known.set(placeId({ building, number }), id);
    }
  }
  return known;
}

/** The units of these places, made where they are new. */
export async function requireUnits(
  q: Tx,
  communityId: string,
  places: readonly Place[],
): Promise<{ readonly units: ReadonlyMap<string, string>; readonly made: ReadonlySet<string> }> {
  const units = await knownUnits(q, communityId, places);
  const made = new Set<string>();
  const fresh = [];
  for (const place of places) {
    if (units.has(placeId(place))) continue;
    const id = newId('unit');
    units.set(placeId(place), id);
    made.add(id);
    fresh.push({ id, communityId, ...place, place: placeKey(place.building, place.number) });
  }
  await q.insertMany(q.t.units, fresh);
  return { units, made };
}

export async function findUnit(q: Reads, id: string): Promise<(Unit & { readonly communityId: string }) | undefined> {
  const t = q.t.units;
  const [row] = await q.select().from(t).where(eq(t.id, id));
  if (!row) return undefined;
  const residents = (await residentsByUnit(q, [id])).get(id) ?? 0;
  const { communityId, building, number, floor } = row;
  return { id, communityId, building, number, floor, residents };
}

/** A page in the order of the buildings and numbers. */
export async function listUnits(
  q: Reads,
  communityId: string,
  filter: { readonly building?: string | undefined; readonly search?: string | undefined },
  after: readonly [place: string, id: string] | undefined,
  limit: number,
): Promise<(Unit & { readonly place: string })[]> {
  const t = q.t.units;
  const conditions: (SQL | undefined)[] = [eq(t.communityId, communityId)];
  if (after) conditions.push(or(gt(t.place, after[0]), and(eq(t.place, after[0]), gt(t.id, after[1]))));
  if (filter.building !== undefined) conditions.push(eq(t.building, filter.building));
  if (filter.search !== undefined) conditions.push(like(t.number, `%${filter.search.replace(/[%_\\]/g, '')}%`));
  const rows = await q
    .select({ id: t.id, building: t.building, number: t.number, floor: t.floor, place: t.place })
    .from(t)
    .where(and(...conditions))
    .orderBy(asc(t.place), asc(t.id))
    .limit(limit);
  const residents = await residentsByUnit(
    q,
    rows.map(({ id }) => id),
  );
  return rows.map((row) => ({ ...row, residents: residents.get(row.id) ?? 0 }));
}

async function residentsByUnit(q: Reads, unitIds: readonly string[]): Promise<Map<string, number>> {
  if (unitIds.length === 0) return new Map();
  const t = q.t.residents;
  const rows = await q
    .select({ unitId: t.unitId, residents: count() })
    .from(t)
    .where(and(inArray(t.unitId, [...unitIds]), eq(t.state, 'active')))
    .groupBy(t.unitId);
  return new Map(rows.map(({ unitId, residents }) => [unitId, residents]));
}

/** All buildings of a community, as people count them. */
export async function listBuildings(q: Reads, communityId: string): Promise<(Building & { readonly place: string })[]> {
  const { units, residents } = q.t;
  const buildings = await q
    .select({ name: units.building, units: count(), place: min(units.place) })
    .from(units)
    .where(eq(units.communityId, communityId))
    .groupBy(units.building);
  const livesThere = and(
    eq(residents.unitId, units.id),
    eq(residents.communityId, communityId),
    eq(residents.state, 'active'),
  );
  const people = await q
    .select({ name: units.building, residents: count() })
    .from(units)
    .innerJoin(residents, livesThere)
    .where(eq(units.communityId, communityId))
    .groupBy(units.building);
  const residentsOf = new Map(people.map(({ name, residents: n }) => [name, n]));
  return buildings
    .map(({ place, ...building }) => ({
      ...building,
      residents: residentsOf.get(building.name) ?? 0,
      place: place ?? '',
    }))
    .sort((a, b) => (a.place < b.place ? -1 : 1));
}

/** Those of the units that nobody is or was in. */
export async function emptyUnits(q: Reads, unitIds: readonly string[]): Promise<string[]> {
  const t = q.t.residents;
  const lived = await q
    .selectDistinct({ id: t.unitId })
    .from(t)
    .where(inArray(t.unitId, [...unitIds]));
  const taken = new Set(lived.map(({ id }) => id));
  return unitIds.filter((id) => !taken.has(id));
}
