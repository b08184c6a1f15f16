import type { InstantMs } from '@gatecast/firmware-protocol';
import { and, eq, gt, inArray, isNotNull, isNull, lt, sql } from 'drizzle-orm';
import type { Reads, Store, Tx } from '../../platform/db/store.ts';
import { operatorsPhotos } from './owner.ts';

export type PhotoRow = Store['read']['t']['clipPhotos']['$inferSelect'];

/** The same photo twice is one; bringing it again makes it new. */
export async function keepPhoto(q: Tx, row: PhotoRow): Promise<void> {
  const t = q.t.clipPhotos;
  await q
    .insert(t)
    .values(row)
    .onConflictDoUpdate({ target: [t.owner, t.sha256], set: { createdAt: row.createdAt } });
}

export async function countPhotos(q: Reads, owner: string, since: InstantMs): Promise<number> {
  const t = q.t.clipPhotos;
  const [row] = await q
    .select({ n: sql<number>`count(*)`.mapWith(Number) })
    .from(t)
    .where(and(eq(t.owner, owner), gt(t.createdAt, since)));
  return row?.n ?? 0;
}

export async function photosOf(q: Reads, owner: string, hashes: readonly string[]): Promise<PhotoRow[]> {
  const t = q.t.clipPhotos;
  if (hashes.length === 0) return [];
  return q
    .select()
    .from(t)
    .where(and(eq(t.owner, owner), inArray(t.sha256, [...new Set(hashes)])));
}

/** True if a clip of the owner that still has its files was made of it. */
export async function isInOwnClip(q: Reads, owner: string, sha256: string): Promise<boolean> {
  const t = q.t.clips;
  const isOwn = owner === operatorsPhotos ? isNull(t.merchantId) : eq(t.merchantId, owner);
  const names = sql`cast(${t.recipe} as text) like ${`%${sha256}%`}`;
  const found = await q
    .select({ id: t.id })
    .from(t)
    .where(and(isOwn, isNull(t.filesDeletedAt), isNotNull(t.recipe), names))
    .limit(1);
  return found.length > 0;
}

export async function oldPhotos(q: Reads, before: InstantMs, max: number): Promise<PhotoRow[]> {
  const t = q.t.clipPhotos;
  return q.select().from(t).where(lt(t.createdAt, before)).limit(max);
}

export async function forgetPhoto(q: Tx, { owner, sha256 }: PhotoRow): Promise<void> {
  const t = q.t.clipPhotos;
  await q.delete(t).where(and(eq(t.owner, owner), eq(t.sha256, sha256)));
}

export async function isKept(q: Reads, sha256: string): Promise<boolean> {
  const t = q.t.clipPhotos;
  return (await q.select({ owner: t.owner }).from(t).where(eq(t.sha256, sha256)).limit(1)).length > 0;
}
