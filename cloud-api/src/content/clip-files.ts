import { and, asc, eq, inArray, isNotNull, notExists } from 'drizzle-orm';
import type { Reads, Store, Tx } from '../platform/db/store.ts';
import { cuts, type Cut, type ScreenProfile } from './cuts.ts';

type ClipFiles = Store['read']['t']['clipFiles'];
export type ClipFileRow = ClipFiles['$inferSelect'];

/** The files of clips by clip, in the order of cuts and profiles. */
export async function filesOfClips(
  q: Reads,
  clipIds: readonly string[],
): Promise<ReadonlyMap<string, readonly ClipFileRow[]>> {
  const t = q.t.clipFiles;
  const ids = [...new Set(clipIds)];
  const found =
    ids.length === 0
      ? []
      : await q.select().from(t).where(inArray(t.clipId, ids)).orderBy(asc(t.clipId), asc(t.cut), asc(t.profile));
  return Map.groupBy(found, ({ clipId }) => clipId);
}

export async function findClipFile(
  q: Reads,
  clipId: string,
  cut: Cut,
  profile: ScreenProfile,
): Promise<ClipFileRow | undefined> {
  const t = q.t.clipFiles;
  const [row] = await q
    .select()
    .from(t)
    .where(and(eq(t.clipId, clipId), eq(t.cut, cut), eq(t.profile, profile)))
    .limit(1);
  return row;
}

/** Replaces what a clip had: a conversion that was cut off begins again. */
export async function writeClipFiles(
  q: Tx,
  clipId: string,
  files: readonly Omit<ClipFileRow, 'clipId'>[],
): Promise<void> {
  const t = q.t.clipFiles;
  await q.delete(t).where(eq(t.clipId, clipId));
  await q.insertMany(
    t,
    files.map((file) => ({ clipId, ...file })),
  );
}

/** Clips that were made before there were cuts go on with their one file for every place. */
export async function adoptOldClips(q: Tx): Promise<void> {
  const { clips, clipFiles } = q.t;
  const without = notExists(q.select({ id: clipFiles.clipId }).from(clipFiles).where(eq(clipFiles.clipId, clips.id)));
  const old = await q
    .select()
    .from(clips)
    .where(and(isNotNull(clips.sha256), without));
  for (const { id, sha256, bytes, durationMs, width, height, posterSha256 } of old) {
    if (sha256 === null || bytes === null || width === null || height === null) continue;
    const file = { profile: 'B', sha256, bytes, durationMs, width, height, posterSha256, posterBytes: null } as const;
    await writeClipFiles(
      q,
      id,
      cuts.map((cut) => ({ cut, ...file })),
    );
  }
}
