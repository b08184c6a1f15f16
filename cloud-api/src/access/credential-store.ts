import type { InstantMs } from '@gatecast/firmware-protocol';
import { and, asc, count, eq, gt, inArray, isNull, ne, or, type SQL } from 'drizzle-orm';
import type { Reads, Tx } from '../platform/db/store.ts';
import { pagesOf } from './list-store.ts';

export type CredentialRow = Reads['t']['credentials']['$inferSelect'];
type Kind = CredentialRow['kind'];

/** Neither revoked nor over. */
const isLive = (q: Reads, now: InstantMs): SQL | undefined => {
  const t = q.t.credentials;
  return and(isNull(t.revokedAt), or(isNull(t.to), gt(t.to, now)));
};

export async function findCredential(q: Reads, id: string): Promise<CredentialRow | undefined> {
  const [row] = await q.select().from(q.t.credentials).where(eq(q.t.credentials.id, id));
  return row;
}

export async function tagIsTaken(q: Reads, communityId: string, tag: string): Promise<boolean> {
  const t = q.t.credentials;
  const found = await q
    .select({ id: t.id })
    .from(t)
    .where(and(eq(t.communityId, communityId), eq(t.tag, tag)));
  return found.length > 0;
}

/** Whatever the person has or had, in the order of the ids; PINs for under threat only `withDuress`. */
export async function credentialsOf(
  q: Reads,
  holder: { readonly residentId: string } | { readonly passId: string },
  { withDuress, afterId, limit }: { readonly withDuress: boolean; readonly afterId: string; readonly limit: number },
): Promise<CredentialRow[]> {
  const t = q.t.credentials;
  return q
    .select()
    .from(t)
    .where(and(heldBy(q, holder), gt(t.id, afterId), withDuress ? undefined : eq(t.duress, false)))
    .orderBy(asc(t.id))
    .limit(limit);
}

const heldBy = (q: Reads, holder: { readonly residentId: string } | { readonly passId: string }): SQL =>
  'passId' in holder ? eq(q.t.credentials.passId, holder.passId) : eq(q.t.credentials.residentId, holder.residentId);

/** What opens doors for the resident now. */
export async function liveOfResident(q: Reads, residentId: string, now: InstantMs): Promise<CredentialRow[]> {
  const t = q.t.credentials;
  return q
    .select()
    .from(t)
    .where(and(eq(t.residentId, residentId), isLive(q, now)));
}

/** Also what is over, so that a lease that is made longer brings it back. */
export async function unrevokedOfResident(q: Reads, residentId: string): Promise<CredentialRow[]> {
  const t = q.t.credentials;
  return q
    .select()
    .from(t)
    .where(and(eq(t.residentId, residentId), isNull(t.revokedAt)));
}

/** What opens doors for those who live in a unit, also what is over. */
export async function unrevokedInUnit(q: Reads, unitId: string): Promise<string[]> {
  const { credentials: t, residents } = q.t;
  const found = await q
    .select({ id: t.id })
    .from(residents)
    .innerJoin(t, eq(t.residentId, residents.id))
    .where(and(eq(residents.unitId, unitId), isNull(t.revokedAt)));
  return found.map(({ id }) => id);
}

/** All PINs that are typed after that unit's number, whichever building it stands in: a keypad knows no buildings. */
export async function livePinsOfUnit(
  q: Reads,
  communityId: string,
  unit: string,
  now: InstantMs,
): Promise<CredentialRow[]> {
  const t = q.t.credentials;
  return q
    .select()
    .from(t)
    .where(and(eq(t.communityId, communityId), eq(t.kind, 'unit-pin'), eq(t.unit, unit), isLive(q, now)));
}

export async function countLive(
  q: Reads,
  holder: { readonly residentId: string } | { readonly passId: string },
  kind: Kind,
  now: InstantMs,
): Promise<number> {
  const t = q.t.credentials;
  const [row] = await q
    .select({ n: count() })
    .from(t)
    .where(and(heldBy(q, holder), eq(t.kind, kind), isLive(q, now)));
  return row?.n ?? 0;
}

/**
 * Makes a tag free for a new credential: false if somebody has it. One that was revoked or is over keeps its row, which is refused by its id,
 * under a tag that nothing has.
 */
export async function freeTag(q: Tx, communityId: string, tag: string, now: InstantMs): Promise<boolean> {
  const t = q.t.credentials;
  const [held] = await q
    .select()
    .from(t)
    .where(and(eq(t.communityId, communityId), eq(t.tag, tag)));
  if (!held) return true;
  if (held.revokedAt === null && (held.to === null || held.to > now)) return false;
  await q
    .update(t)
    .set({ tag: `gone:${held.id}` })
    .where(eq(t.id, held.id));
  return true;
}

/** Revokes those that were not before; their ids. */
export async function revokeAll(q: Tx, ids: readonly string[], at: InstantMs): Promise<string[]> {
  const t = q.t.credentials;
  const revoked: string[] = [];
  for (const page of pagesOf(ids)) {
    const done = await q
      .update(t)
      .set({ revokedAt: at })
      .where(and(inArray(t.id, [...page]), isNull(t.revokedAt)))
      .returning({ id: t.id });
    revoked.push(...done.map(({ id }) => id));
  }
  return revoked;
}

/** Everything of theirs that could still open a door: their own credentials, their visitors' passes and the cards of those. */
export async function openableBy(q: Reads, residentIds: readonly string[]): Promise<string[]> {
  const t = q.t.credentials;
  const ids: string[] = [];
  for (const page of pagesOf(residentIds)) {
    const people = [...page];
    const own = await q
      .select({ id: t.id })
      .from(t)
      .where(and(or(inArray(t.residentId, people), inArray(t.hostId, people)), isNull(t.revokedAt)));
    ids.push(...own.map(({ id }) => id));
  }
  return [...ids, ...(await cardsOfPasses(q, ids))];
}

export async function cardsOfPasses(q: Reads, passIds: readonly string[]): Promise<string[]> {
  const t = q.t.credentials;
  const cards: string[] = [];
  for (const page of pagesOf(passIds)) {
    const found = await q
      .select({ id: t.id })
      .from(t)
      .where(and(inArray(t.passId, [...page]), isNull(t.revokedAt)));
    cards.push(...found.map(({ id }) => id));
  }
  return cards;
}

/** Of people that moved out: what was revoked at that moment. */
export async function revokedAtOnce(q: Reads, residentId: string, at: InstantMs): Promise<string[]> {
  const t = q.t.credentials;
  const theirs = await q
    .select({ id: t.id })
    .from(t)
    .where(and(or(eq(t.residentId, residentId), eq(t.hostId, residentId)), eq(t.revokedAt, at)));
  const ids = theirs.map(({ id }) => id);
  if (ids.length === 0) return ids;
  const cards = await q
    .select({ id: t.id })
    .from(t)
    .where(and(inArray(t.passId, ids), eq(t.revokedAt, at)));
  return [...ids, ...cards.map(({ id }) => id)];
}

export async function updateCredential(
  q: Tx,
  id: string,
  change: Partial<Pick<CredentialRow, 'unit' | 'to' | 'openMs' | 'person'>>,
): Promise<void> {
  await q.update(q.t.credentials).set(change).where(eq(q.t.credentials.id, id));
}

/** Says in the resident's record which PINs there are. The one place where this slice writes there: the flags follow its own rows. */
export async function notePins(
  q: Tx,
  residentId: string,
  pins: { readonly hasPin?: boolean; readonly hasDuressPin?: boolean },
): Promise<void> {
  await q.update(q.t.residents).set(pins).where(eq(q.t.residents.id, residentId));
}

export async function othersInUnit(q: Reads, own: CredentialRow, unit: string, now: InstantMs): Promise<boolean> {
  const t = q.t.credentials;
  const [other] = await q
    .select({ id: t.id })
    .from(t)
    .where(
      and(
        eq(t.communityId, own.communityId),
        eq(t.kind, 'unit-pin'),
        eq(t.unit, unit),
        ne(t.residentId, own.residentId ?? ''),
        isLive(q, now),
      ),
    )
    .limit(1);
  return other !== undefined;
}
