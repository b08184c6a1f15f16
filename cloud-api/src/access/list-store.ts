import { invariant, type InstantMs } from '@gatecast/firmware-protocol';
import { and, asc, count, eq, gt, inArray, isNull, lt, lte, min, ne, or } from 'drizzle-orm';
import type { Reads, Tx } from '../platform/db/store.ts';
import type { StoredCredential } from './list-rules.ts';
import type { ListedText } from './list-text.ts';

/** Rows that one statement asks for or writes: a turn of the event loop. */
export const pageRows = 500;

export type ListedRow = Reads['t']['listedCredentials']['$inferSelect'];
export type DeliveryRow = Reads['t']['accessDeliveries']['$inferSelect'];
export type ChangeRow = Reads['t']['accessChanges']['$inferSelect'];
export type CommunityListsRow = Reads['t']['communityLists']['$inferSelect'];
export type TerminalListRow = Reads['t']['terminalLists']['$inferSelect'];

export function* pagesOf<T>(all: readonly T[], size = pageRows): Generator<readonly T[]> {
  for (let start = 0; start < all.length; start += size) yield all.slice(start, start + size);
}

/** Each community with something that is not in its lists yet, and the first of it. */
export async function changedCommunities(q: Reads) {
  const t = q.t.accessChanges;
  return q
    .select({ communityId: t.communityId, firstNo: min(t.no) })
    .from(t)
    .groupBy(t.communityId);
}

export async function changesOf(q: Reads, communityId: string, limit: number): Promise<ChangeRow[]> {
  const t = q.t.accessChanges;
  return q.select().from(t).where(eq(t.communityId, communityId)).orderBy(asc(t.no)).limit(limit);
}

export async function addChange(
  q: Tx,
  communityId: string,
  credentialIds: readonly string[],
  at: InstantMs,
): Promise<void> {
  await q.insert(q.t.accessChanges).values({ communityId, credentialIds, at });
}

export async function dropChanges(q: Tx, nos: readonly number[]): Promise<void> {
  const t = q.t.accessChanges;
  await q.delete(t).where(inArray(t.no, [...nos]));
}

/** Credentials with a change that is in no list yet. */
export async function changingCredentials(q: Reads, communityId: string): Promise<ReadonlySet<string>> {
  const t = q.t.accessChanges;
  const found = await q.select({ ids: t.credentialIds }).from(t).where(eq(t.communityId, communityId));
  return new Set(found.flatMap(({ ids }) => ids));
}

export async function findCommunityLists(q: Reads, communityId: string): Promise<CommunityListsRow | undefined> {
  const t = q.t.communityLists;
  const [row] = await q.select().from(t).where(eq(t.communityId, communityId));
  return row;
}

export async function grantedCount(q: Reads, communityId: string): Promise<number> {
  const t = q.t.listedCredentials;
  const [row] = await q
    .select({ rows: count() })
    .from(t)
    .where(and(eq(t.communityId, communityId), eq(t.state, 'granted')));
  return row?.rows ?? 0;
}

/** Those of `ids` that a list has told of before. */
export async function listedOf(q: Reads, ids: readonly string[]): Promise<ListedRow[]> {
  const t = q.t.listedCredentials;
  const found: ListedRow[] = [];
  for (const page of pagesOf(ids)) {
    found.push(
      ...(await q
        .select()
        .from(t)
        .where(inArray(t.credentialId, [...page]))),
    );
  }
  return found;
}

/** The next granted credentials of a community after `afterId`, in the database's own order. */
export async function grantedPage(q: Reads, communityId: string, afterId: string): Promise<ListedText[]> {
  const t = q.t.listedCredentials;
  const found = await q
    .select({ id: t.credentialId, text: t.text, entranceIds: t.entranceIds })
    .from(t)
    .where(and(eq(t.communityId, communityId), eq(t.state, 'granted'), gt(t.credentialId, afterId)))
    .orderBy(asc(t.credentialId))
    .limit(pageRows);
  return found.map(({ id, text, entranceIds }) => {
    invariant(text !== null, 'what is granted has a text');
    return [id, text, entranceIds];
  });
}

export async function deniedOf(q: Reads, communityId: string) {
  const t = q.t.listedCredentials;
  return q
    .select({ id: t.credentialId, entranceIds: t.entranceIds, codeNo: t.codeNo })
    .from(t)
    .where(and(eq(t.communityId, communityId), eq(t.state, 'denied')));
}

/** What changes by time alone and has. */
export async function dueListings(q: Reads, communityId: string, now: InstantMs, limit: number): Promise<string[]> {
  const t = q.t.listedCredentials;
  const found = await q
    .select({ id: t.credentialId })
    .from(t)
    .where(and(eq(t.communityId, communityId), lte(t.until, now)))
    .limit(limit);
  return found.map(({ id }) => id);
}

/** What the lists say differently since a build, by build and id; at most `pageRows` after `after`, whose id is null for all of its build. */
export async function changedSince(
  q: Reads,
  communityId: string,
  after: { readonly build: number; readonly credentialId: string | null },
): Promise<ListedRow[]> {
  const t = q.t.listedCredentials;
  return q
    .select()
    .from(t)
    .where(
      and(
        eq(t.communityId, communityId),
        after.credentialId === null
          ? gt(t.build, after.build)
          : or(gt(t.build, after.build), and(eq(t.build, after.build), gt(t.credentialId, after.credentialId))),
      ),
    )
    .orderBy(asc(t.build), asc(t.credentialId))
    .limit(pageRows);
}

/** At most `pageRows` credentials with what a list tells of them. */
export async function storedCredentials(q: Reads, ids: readonly string[]): Promise<StoredCredential[]> {
  const { credentials: t, residents, units, adPseudonyms, noticeNames, audienceDeclarations } = q.t;
  const found = await q
    .select({
      credential: t,
      number: units.number,
      floor: units.floor,
      pseudonym: adPseudonyms.pseudonym,
      group: audienceDeclarations.segment,
      groupOnScreens: audienceDeclarations.onScreens,
      noticeName: noticeNames.name,
    })
    .from(t)
    .leftJoin(residents, eq(residents.id, t.residentId))
    .leftJoin(units, eq(units.id, residents.unitId))
    .leftJoin(adPseudonyms, eq(adPseudonyms.residentId, t.residentId))
    .leftJoin(audienceDeclarations, eq(audienceDeclarations.residentId, t.residentId))
    .leftJoin(noticeNames, eq(noticeNames.residentId, t.residentId))
    .where(inArray(t.id, [...ids]));
  return found.map(({ credential, number, floor, pseudonym, group, groupOnScreens, noticeName }) => ({
    ...credential,
    pseudonym,
    group: groupOnScreens === true ? group : null,
    noticeName,
    unit: credential.unit ?? number,
    unitFloor: floor,
  }));
}

export async function schedulesByIds(q: Reads, ids: readonly string[]) {
  if (ids.length === 0) return [];
  const t = q.t.accessSchedules;
  return q
    .select({ id: t.id, windows: t.windows })
    .from(t)
    .where(inArray(t.id, [...ids]));
}

export async function terminalLists(q: Reads, terminalIds: readonly string[]): Promise<TerminalListRow[]> {
  if (terminalIds.length === 0) return [];
  const t = q.t.terminalLists;
  return q
    .select()
    .from(t)
    .where(inArray(t.terminalId, [...terminalIds]));
}

export async function saveTerminalList(q: Tx, row: TerminalListRow): Promise<void> {
  const t = q.t.terminalLists;
  const { terminalId: _, ...rest } = row;
  await q.insert(t).values(row).onConflictDoUpdate({ target: t.terminalId, set: rest });
}

export async function saveCommunityLists(q: Tx, row: CommunityListsRow): Promise<void> {
  const t = q.t.communityLists;
  const { communityId: _, ...rest } = row;
  await q.insert(t).values(row).onConflictDoUpdate({ target: t.communityId, set: rest });
}

/** Puts rows in the place of those before. At most `pageRows`. */
export async function replaceListed(q: Tx, rows: readonly ListedRow[]): Promise<void> {
  const t = q.t.listedCredentials;
  await q.delete(t).where(
    inArray(
      t.credentialId,
      rows.map(({ credentialId }) => credentialId),
    ),
  );
  await q.insertMany(t, rows);
}

/** At most `pageRows`. */
export async function dropDeliveries(q: Tx, credentialIds: readonly string[]): Promise<void> {
  const t = q.t.accessDeliveries;
  await q.delete(t).where(inArray(t.credentialId, [...credentialIds]));
}

export async function deliveriesOf(q: Reads, credentialIds: readonly string[]): Promise<DeliveryRow[]> {
  const t = q.t.accessDeliveries;
  const found: DeliveryRow[] = [];
  for (const page of pagesOf(credentialIds)) {
    found.push(
      ...(await q
        .select()
        .from(t)
        .where(inArray(t.credentialId, [...page]))),
    );
  }
  return found;
}

/** What versions after `from` up to `to` told is in force on the terminal. */
export async function confirmDeliveries(
  q: Tx,
  terminalId: string,
  applied: { readonly from: number; readonly to: number },
  at: InstantMs,
): Promise<void> {
  const t = q.t.accessDeliveries;
  await q
    .update(t)
    .set({ confirmedAt: at })
    .where(
      and(eq(t.terminalId, terminalId), gt(t.version, applied.from), lte(t.version, applied.to), isNull(t.confirmedAt)),
    );
}

/** Forgets deliveries of at most `pageRows` credentials that were confirmed before; false when there is nothing left to forget. */
export async function forgetDeliveries(q: Tx, before: InstantMs): Promise<boolean> {
  const t = q.t.accessDeliveries;
  const isOld = lt(t.confirmedAt, before);
  const old = await q.select({ id: t.credentialId }).from(t).where(isOld).orderBy(asc(t.confirmedAt)).limit(pageRows);
  const ids = [...new Set(old.map(({ id }) => id))];
  if (ids.length > 0) await q.delete(t).where(and(inArray(t.credentialId, ids), isOld));
  return ids.length > 0;
}

/** Where credentials belong, as far as lists go. */
export async function placesOf(q: Reads, ids: readonly string[]) {
  const t = q.t.credentials;
  const found = [];
  for (const page of pagesOf(ids)) {
    found.push(
      ...(await q
        .select({ id: t.id, communityId: t.communityId, entranceIds: t.entranceIds, revokedAt: t.revokedAt })
        .from(t)
        .where(inArray(t.id, [...page]))),
    );
  }
  return found;
}

/** What was sealed to the terminal's keys is of no use any more. */
export async function dropTerminalList(q: Tx, terminalId: string): Promise<void> {
  await q.delete(q.t.terminalLists).where(eq(q.t.terminalLists.terminalId, terminalId));
}

/** Who was taken off the lists so long ago that nobody asks for the difference. */
export async function forgetGone(q: Tx, communityId: string, upToBuild: number): Promise<void> {
  const t = q.t.listedCredentials;
  await q.delete(t).where(and(eq(t.communityId, communityId), eq(t.state, 'gone'), lte(t.build, upToBuild)));
}

/** Communities whose terminals do not hold the keys of the weeks to come. */
export async function communitiesBehind(q: Reads, epoch: number, afterId: string, limit: number): Promise<string[]> {
  const t = q.t.communityLists;
  const found = await q
    .select({ id: t.communityId })
    .from(t)
    .where(and(ne(t.epoch, epoch), gt(t.communityId, afterId)))
    .orderBy(asc(t.communityId))
    .limit(limit);
  return found.map(({ id }) => id);
}
