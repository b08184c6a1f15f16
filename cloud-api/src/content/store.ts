import { and, asc, eq, inArray, isNotNull } from 'drizzle-orm';
import type { Reads, Store, Tx } from '../platform/db/store.ts';
import { newestFirst, type NewestFirst, type Paging } from '../platform/newest-first.ts';
import type { ClipStatus } from './contract.ts';
import { clipStatesBefore } from './rules.ts';

type Clips = Store['read']['t']['clips'];
export type ClipRow = Clips['$inferSelect'];

export async function findClips(q: Reads, ids: readonly string[]): Promise<ClipRow[]> {
  if (ids.length === 0) return [];
  return q
    .select()
    .from(q.t.clips)
    .where(inArray(q.t.clips.id, [...new Set(ids)]));
}

export async function findClip(q: Reads, id: string): Promise<ClipRow | undefined> {
  return (await findClips(q, [id]))[0];
}

export async function listClips(
  q: Reads,
  {
    merchantId,
    status,
    ...paging
  }: Paging & { readonly merchantId?: string | undefined; readonly status?: ClipStatus | undefined },
): Promise<{ readonly rows: ClipRow[]; readonly list: NewestFirst }> {
  const t = q.t.clips;
  const list = newestFirst(t.createdAt, t.id, paging);
  const own = merchantId === undefined ? undefined : eq(t.merchantId, merchantId);
  const inStatus = status === undefined ? undefined : eq(t.status, status);
  const rows = await q
    .select()
    .from(t)
    .where(and(list.where, own, inStatus))
    .orderBy(...list.order)
    .limit(list.take);
  return { rows, list };
}

export async function houseClips(q: Reads): Promise<ClipRow[]> {
  const t = q.t.clips;
  return q
    .select()
    .from(t)
    .where(and(isNotNull(t.house), eq(t.status, 'approved')))
    .orderBy(asc(t.createdAt), asc(t.id));
}

/** A clip that the screens may fetch under this name. */
export async function approvedBySha256(q: Reads, sha256: string): Promise<ClipRow | undefined> {
  const { clips, clipFiles } = q.t;
  const [row] = await q
    .select({ clip: clips })
    .from(clipFiles)
    .innerJoin(clips, eq(clips.id, clipFiles.clipId))
    .where(and(eq(clipFiles.sha256, sha256), eq(clips.status, 'approved')))
    .limit(1);
  return row?.clip;
}

export async function titlesBySha256(q: Reads, hashes: readonly string[]): Promise<ReadonlyMap<string, string>> {
  if (hashes.length === 0) return new Map();
  const { clips, clipFiles } = q.t;
  const rows = await q
    .selectDistinct({ sha256: clipFiles.sha256, title: clips.title })
    .from(clipFiles)
    .innerJoin(clips, eq(clips.id, clipFiles.clipId))
    .where(inArray(clipFiles.sha256, [...new Set(hashes)]));
  return new Map(rows.map((row) => [row.sha256, row.title]));
}

/** Clips that a transcode was promised to. */
export async function waitingClips(q: Reads): Promise<string[]> {
  const t = q.t.clips;
  const rows = await q
    .select({ id: t.id })
    .from(t)
    .where(inArray(t.status, ['queued', 'transcoding']));
  return rows.map(({ id }) => id);
}

/** Takes a step of the table; undefined if the clip is not where that step begins. */
export async function moveClip(
  q: Tx,
  id: string,
  to: ClipStatus,
  set: Partial<Clips['$inferInsert']> = {},
): Promise<ClipRow | undefined> {
  const t = q.t.clips;
  const [moved] = await q
    .update(t)
    .set({ ...set, status: to })
    .where(and(eq(t.id, id), inArray(t.status, clipStatesBefore(to))))
    .returning();
  return moved;
}
