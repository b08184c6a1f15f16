import type { InstantMs } from '@gatecast/firmware-protocol';
import { and, desc, eq, gt, inArray, isNotNull, isNull, lt, or, type SQL } from 'drizzle-orm';
import type { Reads, Tx } from '../platform/db/store.ts';

export type CredentialRow = Reads['t']['credentials']['$inferSelect'];

/** What a list may hold: everything but what was revoked before `deniedSince` or ended before `now`. */
export async function listedCredentials(
  q: Reads,
  communityId: string,
  now: InstantMs,
  deniedSince: InstantMs,
): Promise<CredentialRow[]> {
  const t = q.t.credentials;
  return q
    .select()
    .from(t)
    .where(
      and(
        eq(t.communityId, communityId),
        or(isNull(t.to), gt(t.to, now)),
        or(isNull(t.revokedAt), gt(t.revokedAt, deniedSince)),
      ),
    )
    .orderBy(t.id);
}

export async function pinsOfResident(q: Reads, residentId: string): Promise<CredentialRow[]> {
  const t = q.t.credentials;
  return q
    .select()
    .from(t)
    .where(and(eq(t.residentId, residentId), isNull(t.revokedAt)));
}

export async function tagIsTaken(q: Reads, communityId: string, tag: string): Promise<boolean> {
  const t = q.t.credentials;
  const found = await q
    .select({ id: t.id })
    .from(t)
    .where(and(eq(t.communityId, communityId), eq(t.tag, tag)));
  return found.length > 0;
}

/** Revokes once; false if it was revoked before or is not there. */
export async function revokeCredential(q: Tx, id: string, at: InstantMs): Promise<boolean> {
  const t = q.t.credentials;
  const done = await q
    .update(t)
    .set({ revokedAt: at })
    .where(and(eq(t.id, id), isNull(t.revokedAt)))
    .returning({ id: t.id });
  return done.length > 0;
}

export async function findPass(q: Reads, id: string): Promise<CredentialRow | undefined> {
  const t = q.t.credentials;
  const [row] = await q
    .select()
    .from(t)
    .where(and(eq(t.id, id), isNotNull(t.label)));
  return row;
}

export async function listPasses(
  q: Reads,
  filter: { readonly companyId?: string | undefined; readonly communityId?: string | undefined },
  before: readonly [InstantMs, string] | undefined,
  limit: number,
): Promise<CredentialRow[]> {
  const { credentials: t, communities } = q.t;
  const conditions: (SQL | undefined)[] = [isNotNull(t.label)];
  if (filter.companyId !== undefined) conditions.push(eq(communities.companyId, filter.companyId));
  if (filter.communityId !== undefined) conditions.push(eq(t.communityId, filter.communityId));
  if (before) conditions.push(or(lt(t.createdAt, before[0]), and(eq(t.createdAt, before[0]), lt(t.id, before[1]))));
  const found = await q
    .select({ pass: t })
    .from(t)
    .innerJoin(communities, eq(communities.id, t.communityId))
    .where(and(...conditions))
    .orderBy(desc(t.createdAt), desc(t.id))
    .limit(limit);
  return found.map(({ pass }) => pass);
}

export async function deliveriesOf(q: Reads, credentialIds: readonly string[]) {
  if (credentialIds.length === 0) return [];
  return q
    .select()
    .from(q.t.accessDeliveries)
    .where(inArray(q.t.accessDeliveries.credentialId, [...credentialIds]));
}

export async function saveDelivery(q: Tx, credentialId: string, terminalId: string, version: number): Promise<void> {
  const t = q.t.accessDeliveries;
  await q
    .insert(t)
    .values({ credentialId, terminalId, version })
    .onConflictDoUpdate({ target: [t.credentialId, t.terminalId], set: { version } });
}
