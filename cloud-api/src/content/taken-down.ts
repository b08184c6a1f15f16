import type { InstantMs } from '@gatecast/firmware-protocol';
import { takenDownMax } from '@gatecast/firmware-protocol/messages';
import { and, desc, eq, gte } from 'drizzle-orm';
import type { Reads } from '../platform/db/store.ts';

/** Files of the clips that were taken down since then and still are, by SHA-256, the last ones first. */
export async function filesTakenDown(q: Reads, since: InstantMs): Promise<string[]> {
  const { clips, clipFiles, clipReviews } = q.t;
  const rows = await q
    .select({ sha256: clipFiles.sha256 })
    .from(clips)
    .innerJoin(clipReviews, and(eq(clipReviews.clipId, clips.id), eq(clipReviews.step, 'taken-down')))
    .innerJoin(clipFiles, eq(clipFiles.clipId, clips.id))
    .where(and(eq(clips.status, 'taken-down'), gte(clipReviews.at, since)))
    .orderBy(desc(clipReviews.at), clipFiles.sha256)
    .limit(takenDownMax);
  return [...new Set(rows.map(({ sha256 }) => sha256))];
}
