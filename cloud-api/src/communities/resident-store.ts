import { localTime } from '@gatecast/firmware-protocol';
import { and, asc, eq, gt, inArray, like, ne, or, type SQL } from 'drizzle-orm';
import { among } from '../platform/db/among.ts';
import { prepared, type Marks } from '../platform/db/prepared.ts';
import type { Reads } from '../platform/db/store.ts';
import { searchedText } from './place-key.ts';
import type { Relation, Resident } from './resident-contract.ts';
import type { ResidentState } from './schema.ts';

const residentColumns = (q: Reads) => {
  const { residents, units, communities } = q.t;
  return {
    id: residents.id,
    communityId: residents.communityId,
    unitId: residents.unitId,
    building: units.building,
    unit: units.number,
    floor: units.floor,
    name: residents.name,
    phoneMasked: residents.phoneMasked,
    relation: residents.relation,
    leaseEndsOn: residents.leaseEndsOn,
    state: residents.state,
    movedInOn: residents.movedInOn,
    movedOutAt: residents.movedOutAt,
    isChild: residents.isChild,
    guardianId: residents.guardianId,
    openMs: residents.openMs,
    hasPin: residents.hasPin,
    hasDuressPin: residents.hasDuressPin,
    createdAt: residents.createdAt,
    place: residents.place,
    zone: communities.zone,
  };
};

const residentsIn = (q: Reads) => {
  const { residents, units, communities } = q.t;
  return q
    .select(residentColumns(q))
    .from(residents)
    .innerJoin(units, eq(units.id, residents.unitId))
    .innerJoin(communities, eq(communities.id, residents.communityId));
};
type Row = Awaited<ReturnType<typeof residentsIn>>[number];

function shown(row: Row): Resident & { readonly place: string } {
  const { createdAt, zone, state, movedInOn, ...rest } = row;
  return {
    ...rest,
    state: state === 'active' ? 'active' : 'moved-out',
    movedInOn: movedInOn ?? localTime(createdAt, zone).date,
  };
}

const isThere = (q: Reads): SQL => ne(q.t.residents.state, 'erased');

/** In the order of their ids; those that were erased are not there. */
export async function findResidents(q: Reads, ids: readonly string[]): Promise<Resident[]> {
  if (ids.length === 0) return [];
  const rows = await residentsIn(q)
    .where(and(inArray(q.t.residents.id, [...ids]), isThere(q)))
    .orderBy(asc(q.t.residents.id));
  return rows.map(shown);
}

const residentById = prepared('residents.by-id', (q: Reads, v: Marks<{ id: string }>) =>
  residentsIn(q).where(and(eq(q.t.residents.id, v.id), isThere(q))),
);

export async function findResident(q: Reads, id: string): Promise<Resident | undefined> {
  const [row] = await residentById(q, { id });
  return row && shown(row);
}

export async function householdOf(q: Reads, unitId: string): Promise<Resident[]> {
  const t = q.t.residents;
  const rows = await residentsIn(q)
    .where(and(eq(t.unitId, unitId), isThere(q)))
    .orderBy(asc(t.id));
  return rows.map(shown);
}

export interface ResidentFilter {
  readonly search?: string | undefined;
  readonly building?: string | undefined;
  readonly unitId?: string | undefined;
  readonly state?: Resident['state'] | undefined;
  readonly relation?: Relation | undefined;
}

/**
 * A page in the order of the buildings and units. The ids of the page come from the index alone, so that a search among 100,000 people reads
 * that and nothing else.
 */
export async function listResidents(
  q: Reads,
  communityId: string,
  filter: ResidentFilter,
  after: readonly [place: string, id: string] | undefined,
  limit: number,
): Promise<(Resident & { readonly place: string })[]> {
  const { residents: t, units } = q.t;
  const conditions: (SQL | undefined)[] = [eq(t.communityId, communityId), stateIs(q, filter.state)];
  if (after) conditions.push(or(gt(t.place, after[0]), and(eq(t.place, after[0]), gt(t.id, after[1]))));
  if (filter.search !== undefined) conditions.push(like(t.searchText, `%${searchedText(filter.search)}%`));
  if (filter.unitId !== undefined) conditions.push(eq(t.unitId, filter.unitId));
  if (filter.relation !== undefined) conditions.push(eq(t.relation, filter.relation));
  if (filter.building !== undefined) {
    const { building } = filter;
    const there = q.select({ id: units.id }).from(units);
    conditions.push(
      among(t.unitId, there.where(and(eq(units.communityId, communityId), eq(units.building, building)))),
    );
  }
  const found = await q
    .select({ id: t.id })
    .from(t)
    .where(and(...conditions))
    .orderBy(asc(t.place), asc(t.id))
    .limit(limit);
  if (found.length === 0) return [];
  const rows = await residentsIn(q)
    .where(
      inArray(
        t.id,
        found.map(({ id }) => id),
      ),
    )
    .orderBy(asc(t.place), asc(t.id));
  return rows.map(shown);
}

function stateIs(q: Reads, state: ResidentState | undefined): SQL {
  return state === undefined ? isThere(q) : eq(q.t.residents.state, state);
}
