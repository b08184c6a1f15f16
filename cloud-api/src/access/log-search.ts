import { and, eq, inArray, isNotNull, like, or, sql, type SQL } from 'drizzle-orm';
import { searchedText } from '../communities/place-key.ts';
import type { Reads } from '../platform/db/store.ts';

/** Up to so many people are looked up one by one; of more, the newest rows are soon found by going through the log. */
const fewMax = 100;

/** Who fits a text: a resident by name or place, a pass by its label. */
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
  const residents = await residentsLike(q, scope, text).limit(fewMax + 1);
  const passes = await passesLike(q, scope, text).limit(fewMax + 1);
  return {
    residents: residents.map(({ id }) => id),
    passes: passes.map(({ id }) => id),
    isBroad: residents.length > fewMax || passes.length > fewMax,
    among: (t) =>
      or(
        inArray(t.residentId, residentsLike(q, scope, text)),
        and(sql`${t.residentId} is null`, inArray(t.credentialId, passesLike(q, scope, text))),
      ),
  };
}

function residentsLike(q: Reads, scope: SQL | undefined, text: string) {
  const { residents: t, communities } = q.t;
  return q
    .select({ id: t.id })
    .from(t)
    .innerJoin(communities, eq(communities.id, t.communityId))
    .where(and(scope, like(t.searchText, `%${searchedText(text)}%`)));
}

/** A pass by its label, and the cards that belong to it. */
function passesLike(q: Reads, scope: SQL | undefined, text: string) {
  const { credentials: t, communities } = q.t;
  const isOfNobodyHere = sql`${t.residentId} is null`;
  const passes = q
    .select({ id: t.id })
    .from(t)
    .innerJoin(communities, eq(communities.id, t.communityId))
    .where(and(scope, isOfNobodyHere, isNotNull(t.label), sql`lower(${t.label}) like ${`%${searchedText(text)}%`}`));
  return q
    .select({ id: t.id })
    .from(t)
    .where(or(inArray(t.id, passes), inArray(t.passId, passes)));
}
