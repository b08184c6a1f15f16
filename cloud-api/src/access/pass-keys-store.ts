import type { InstantMs } from '@gatecast/firmware-protocol';
import { and, asc, eq, gt, isNotNull, isNull } from 'drizzle-orm';
import type { Reads, Tx } from '../platform/db/store.ts';

/** Undefined: the first. */
export async function findGeneration(q: Reads, communityId: string): Promise<number | undefined> {
  const t = q.t.passGenerations;
  const [row] = await q.select({ generation: t.generation }).from(t).where(eq(t.communityId, communityId));
  return row?.generation;
}

export async function saveGeneration(q: Tx, communityId: string, generation: number, at: InstantMs): Promise<void> {
  const t = q.t.passGenerations;
  await q
    .insert(t)
    .values({ communityId, generation, at })
    .onConflictDoUpdate({ target: t.communityId, set: { generation, at } });
}

/** Passes with a typed code that works without a list, and still does. */
export async function codesInUse(q: Reads, communityId: string, now: InstantMs): Promise<string[]> {
  const t = q.t.credentials;
  const found = await q
    .select({ id: t.id })
    .from(t)
    .where(and(eq(t.communityId, communityId), isNotNull(t.codeNo), isNull(t.revokedAt), gt(t.to, now)));
  return found.map(({ id }) => id);
}

export async function entranceNumbers(q: Reads, communityId: string) {
  const t = q.t.entranceNumbers;
  return q.select({ entranceId: t.entranceId, no: t.no }).from(t).where(eq(t.communityId, communityId));
}

export async function entrancesWithoutNumber(q: Reads, communityId: string): Promise<string[]> {
  const { entrances: e, entranceNumbers: n } = q.t;
  const found = await q
    .select({ id: e.id })
    .from(e)
    .leftJoin(n, eq(n.entranceId, e.id))
    .where(and(eq(e.communityId, communityId), isNull(n.no)))
    .orderBy(asc(e.id));
  return found.map(({ id }) => id);
}
