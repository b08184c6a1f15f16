import { and, eq, inArray, isNotNull, isNull, or, sql, type Column, type SQL } from 'drizzle-orm';
import type { Reads } from '../platform/db/store.ts';

/** Up to so many people are looked up one by one; of more, the newest rows are soon found by going through the log. */
const fewMax = 100;

/** Who fits a text: part of a resident's name or of a pass's label, or the beginning of a unit's number. */
export interface Matching {
  readonly residents: readonly string[];
  /** Credentials that belong to no resident. */
  readonly passes: readonly string[];
  /** More than can be looked up one by one: the lists are not whole, `among` is. */
  readonly isBroad: boolean;
  /** That a row of the log is about one of them. */
  among(t: Reads['t']['accessEvents']): SQL | undefined;
}

/** `scope` is a condition on the communities. */
export async function matching(q: Reads, scope: SQL | undefined, text: string): Promise<Matching> {
  const passes = passesLike(q, scope, text);
  const [named, housed, labelled] = [
    await residentsNamed(q, scope, text).limit(fewMax + 1),
    await residentsOfUnit(q, scope, text).limit(fewMax + 1),
    await passes.limit(fewMax + 1),
  ];
  const residents = [...new Set([...named, ...housed].map(({ id }) => id))];
  return {
    residents,
    passes: labelled.map(({ id }) => id),
    isBroad: residents.length > fewMax || labelled.length > fewMax,
    among: (t) =>
      or(
        inArray(t.residentId, residentsNamed(q, scope, text)),
        inArray(t.residentId, residentsOfUnit(q, scope, text)),
        and(isNull(t.residentId), inArray(t.credentialId, passesLike(q, scope, text))),
      ),
  };
}

function residentsNamed(q: Reads, scope: SQL | undefined, text: string) {
  const { residents: t, communities } = q.t;
  return q
    .select({ id: t.id })
    .from(t)
    .innerJoin(communities, eq(communities.id, t.communityId))
    .where(and(scope, contains(t.name, text)));
}

function residentsOfUnit(q: Reads, scope: SQL | undefined, text: string) {
  const { residents, units, communities } = q.t;
  return q
    .select({ id: residents.id })
    .from(units)
    .innerJoin(communities, eq(communities.id, units.communityId))
    .innerJoin(residents, eq(residents.unitId, units.id))
    .where(and(scope, beginsWith(units.number, text)));
}

/** A pass by its label, and the cards that belong to it. */
function passesLike(q: Reads, scope: SQL | undefined, text: string) {
  const { credentials: t, communities } = q.t;
  const passes = q
    .select({ id: t.id })
    .from(t)
    .innerJoin(communities, eq(communities.id, t.communityId))
    .where(and(scope, isNull(t.residentId), isNotNull(t.label), contains(t.label, text)));
  return q
    .select({ id: t.id })
    .from(t)
    .where(and(isNull(t.residentId), or(inArray(t.id, passes), inArray(t.passId, passes))));
}

const literal = (text: string): string => text.toLowerCase().replace(/[\\%_]/g, String.raw`\$&`);
const contains = (column: Column, text: string): SQL => sql`lower(${column}) like ${`%${literal(text)}%`} escape '\\'`;
const beginsWith = (column: Column, text: string): SQL => sql`lower(${column}) like ${`${literal(text)}%`} escape '\\'`;
