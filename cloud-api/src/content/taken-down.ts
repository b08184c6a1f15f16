import { instant, type InstantMs } from '@gatecast/firmware-protocol';
import { takenDownMax } from '@gatecast/firmware-protocol/messages';
import { and, desc, eq, gte, inArray, isNull } from 'drizzle-orm';
import type { Reads } from '../platform/db/store.ts';
import { filesOfClips } from './clip-files.ts';
import { approvedAtOf } from './review-history.ts';
import { approvedBySha256 } from './store.ts';

const takenOff = ['taken-down', 'withdrawn'] as const;

/** Files of the clips that were taken down or withdrawn since then and still are, by SHA-256, the last ones first. */
export async function filesTakenDown(q: Reads, since: InstantMs): Promise<string[]> {
  const { clips, clipFiles, clipReviews } = q.t;
  const rows = await q
    .select({ sha256: clipFiles.sha256 })
    .from(clips)
    .innerJoin(clipReviews, and(eq(clipReviews.clipId, clips.id), inArray(clipReviews.step, takenOff)))
    .innerJoin(clipFiles, eq(clipFiles.clipId, clips.id))
    .where(and(inArray(clips.status, takenOff), isNull(clips.filesDeletedAt), gte(clipReviews.at, since)))
    .orderBy(desc(clipReviews.at), clipFiles.sha256)
    .limit(takenDownMax);
  return [...new Set(rows.map(({ sha256 }) => sha256))];
}

/**
 * What no screen may play any more of a clip whose approval is over: its files, but those that another approved clip has too. `at`: what was approved until
 * then; not before its own approval, however the clock was set since.
 */
export async function filesToStop(
  q: Reads,
  clipId: string,
  now: InstantMs,
): Promise<{ readonly clips: readonly string[]; readonly at: InstantMs }> {
  const files = (await filesOfClips(q, [clipId])).get(clipId) ?? [];
  const clips: string[] = [];
  for (const sha256 of new Set(files.map((file) => file.sha256)))
    if (!(await approvedBySha256(q, sha256))) clips.push(sha256);
  const approvedAt = (await approvedAtOf(q, [clipId]))(clipId);
  return { clips, at: instant(Math.max(now, approvedAt)) };
}
