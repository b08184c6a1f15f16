import { and, eq, inArray, ne, or } from 'drizzle-orm';
import type { Reads, Tx } from '../platform/db/store.ts';
import type { Platform } from '../platform/platform.ts';
import { filesOfClips } from './clip-files.ts';
import { checkClip, linesOfRecipe, measuredFindings, type Finding, type Measured } from './checks.ts';
import { acceptedPermits } from './permit-store.ts';
import { noteStep } from './review-history.ts';
import type { ClipRow } from './store.ts';

const twinsMax = 5;

/**
 * The automatic half of a review. Runs in the transaction that brings a clip before the reviewers, once its files are written, and again when its category
 * changes; what it finds stands on the clip and in its history.
 */
export async function checkArrived(
  { clock, config }: Pick<Platform, 'clock' | 'config'>,
  q: Tx,
  clip: ClipRow,
  measured?: Measured,
): Promise<ClipRow> {
  const now = clock.now();
  const files = (await filesOfClips(q, [clip.id])).get(clip.id) ?? [];
  const permits = clip.merchantId === null ? [] : await acceptedPermits(q, [clip.merchantId]);
  const { title, category } = clip;
  const lines = linesOfRecipe(clip.recipe);
  const isHouse = clip.house !== null;
  const refusedTwins = await twinsOf(
    q,
    clip,
    files.map(({ sha256 }) => sha256),
  );
  const found = checkClip(
    { title, lines, category, isHouse, files, measured },
    { permits, refusedTwins, now, targetLufs: config.transcode.targetLufs },
  );
  // The files are what they were: another category makes no black picture lighter.
  const findings = measured ? found : [...found, ...measuredFindings(clip.findings ?? [])];
  await noteStep(q, { clipId: clip.id, at: now, step: 'checked', accountId: null, findings });
  return (await keepFindings(q, clip.id, findings)) ?? clip;
}

async function keepFindings(q: Tx, id: string, findings: readonly Finding[]): Promise<ClipRow | undefined> {
  const t = q.t.clips;
  const [row] = await q.update(t).set({ findings }).where(eq(t.id, id)).returning();
  return row;
}

const refused = ['rejected', 'taken-down'] as const;

/** Other clips of the same source, or with one of the same files, that were refused. */
async function twinsOf(q: Reads, { id, sourceSha256 }: ClipRow, made: readonly string[]): Promise<string[]> {
  const { clips, clipFiles, clipReviews: steps } = q.t;
  const hashes = [sourceSha256, ...made];
  const sharing = q.select({ id: clipFiles.clipId }).from(clipFiles).where(inArray(clipFiles.sha256, hashes));
  // Withdrawing what was refused does not make it new.
  const onceRefused = q.select({ id: steps.clipId }).from(steps).where(inArray(steps.step, refused));
  const found = await q
    .select({ id: clips.id })
    .from(clips)
    .where(
      and(
        or(inArray(clips.status, refused), and(eq(clips.status, 'withdrawn'), inArray(clips.id, onceRefused))),
        ne(clips.id, id),
        or(inArray(clips.sourceSha256, hashes), inArray(clips.id, sharing)),
      ),
    )
    .limit(twinsMax);
  return found.map((row) => row.id);
}
