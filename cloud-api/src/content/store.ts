import { and, asc, count, eq, inArray, isNotNull, isNull, ne } from 'drizzle-orm';
import { containing } from '../platform/db/containing.ts';
import type { Reads, Store, Tx } from '../platform/db/store.ts';
import { newestFirst, oldestFirst, type NewestFirst, type Paging } from '../platform/newest-first.ts';
import type { Category } from './categories.ts';
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

export interface ClipFilter {
  readonly merchantId?: string | undefined;
  /** Undefined: all but what was withdrawn. */
  readonly status?: ClipStatus | undefined;
  readonly category?: Category | undefined;
  /** Part of the title. */
  readonly q?: string | undefined;
  readonly order?: 'newest' | 'waiting' | undefined;
}

export async function listClips(
  q: Reads,
  { merchantId, status, category, q: text, order, ...paging }: Paging & ClipFilter,
): Promise<{ readonly rows: ClipRow[]; readonly list: NewestFirst }> {
  const t = q.t.clips;
  const list = (order === 'waiting' ? oldestFirst : newestFirst)(t.createdAt, t.id, paging);
  const where = [
    list.where,
    merchantId === undefined ? undefined : eq(t.merchantId, merchantId),
    status === undefined ? ne(t.status, 'withdrawn') : eq(t.status, status),
    category === undefined ? undefined : eq(t.category, category),
    text ? containing(t.title, text) : undefined,
  ];
  const rows = await q
    .select()
    .from(t)
    .where(and(...where))
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

/** What the screens may fetch under this name: a clip, or the still of one; undefined: nothing. */
export async function approvedTypeOf(q: Reads, sha256: string): Promise<'video/mp4' | 'image/jpeg' | undefined> {
  if (await approvedBySha256(q, sha256)) return 'video/mp4';
  const { clips, clipFiles } = q.t;
  const [still] = await q
    .select({ clip: clips.id })
    .from(clipFiles)
    .innerJoin(clips, eq(clips.id, clipFiles.clipId))
    .where(and(eq(clipFiles.posterSha256, sha256), eq(clips.status, 'approved')))
    .limit(1);
  return still && 'image/jpeg';
}

/** What the clips are called whose files these are, and whose they are. */
export async function namesBySha256(
  q: Reads,
  hashes: readonly string[],
): Promise<ReadonlyMap<string, { readonly id: string; readonly title: string; readonly merchantId: string | null }>> {
  if (hashes.length === 0) return new Map();
  const { clips, clipFiles } = q.t;
  const rows = await q
    .selectDistinct({ sha256: clipFiles.sha256, id: clips.id, title: clips.title, merchantId: clips.merchantId })
    .from(clipFiles)
    .innerJoin(clips, eq(clips.id, clipFiles.clipId))
    .where(inArray(clipFiles.sha256, [...new Set(hashes)]));
  return new Map(rows.map(({ sha256, ...name }) => [sha256, name]));
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

/** Those that a process without an ffmpeg left, the oldest first. */
export async function clipsWithoutFfmpeg(q: Reads, limit: number): Promise<string[]> {
  const t = q.t.clips;
  const rows = await q
    .select({ id: t.id })
    .from(t)
    .where(and(eq(t.status, 'queued'), eq(t.reason, 'no-ffmpeg')))
    .orderBy(asc(t.createdAt))
    .limit(limit);
  return rows.map(({ id }) => id);
}

export async function countWaitingClips(q: Reads): Promise<number> {
  const t = q.t.clips;
  const [row] = await q
    .select({ n: count() })
    .from(t)
    .where(inArray(t.status, ['queued', 'transcoding']));
  return row?.n ?? 0;
}

/** Takes a step of the table, or of a part of it; undefined if the clip is not where that step begins, or its files are gone. */
export async function moveClip(
  q: Tx,
  id: string,
  to: ClipStatus,
  set: Partial<Clips['$inferInsert']> = {},
  from: readonly ClipStatus[] = clipStatesBefore(to),
): Promise<ClipRow | undefined> {
  const t = q.t.clips;
  const [moved] = await q
    .update(t)
    .set({ ...set, status: to })
    .where(and(eq(t.id, id), inArray(t.status, [...from]), isNull(t.filesDeletedAt)))
    .returning();
  return moved;
}

/** Undefined if the clip is in none of these states. */
export async function setCategory(
  q: Tx,
  id: string,
  category: Category,
  from: readonly ClipStatus[],
): Promise<ClipRow | undefined> {
  const t = q.t.clips;
  const [row] = await q
    .update(t)
    .set({ category })
    .where(and(eq(t.id, id), inArray(t.status, [...from])))
    .returning();
  return row;
}
