import { days, hours, instant, type InstantMs } from '@gatecast/firmware-protocol';
import { and, eq, exists, inArray, isNotNull, isNull, lte, notExists, or, sql } from 'drizzle-orm';
import type { BlobStore } from '../platform/blob-store.ts';
import type { Reads, Store, Tx } from '../platform/db/store.ts';
import type { Platform } from '../platform/platform.ts';
import type { ClipStatus } from './contract.ts';
import { removeUnless } from './hold-files.ts';
import { isKept } from './maker/photo-store.ts';

/**
 * How long what was shown, who let it and by which papers is kept after the last play: three years after the end of publication, as the Measures for Internet
 * Advertising (互联网广告管理办法, 2023) ask of publishers. Nobody can end it earlier.
 */
export const keptYears = 3;
/** A terminal that heard nothing for its thirty days, and some, has told of its plays by then. */
const toldWithinMs = days(60);
const lookEveryMs = hours(6);
/** A run; the rest follows in the next. */
const filesMax = 200;

export const keptSince = (now: InstantMs): InstantMs =>
  instant(new Date(now).setUTCFullYear(new Date(now).getUTCFullYear() - keptYears));

/** Deletes files whose time is over. Rows, titles, decisions and hashes stay. */
export function retainFiles(platform: Platform, blobs: BlobStore): void {
  platform.jobs.handle('clips.retention', {
    everyMs: lookEveryMs,
    run: () => deleteOldFiles(platform, blobs),
  });
}

export async function deleteOldFiles({ store, clock, audit }: Platform, blobs: BlobStore): Promise<void> {
  const now = clock.now();
  const hashes = await store.tx(async (q) => {
    const clips = await markDeleted(q, await oldClips(q, now), now);
    const permits = await oldPermits(q, keptSince(now));
    for (const subject of clips) await audit(q, { who: 'system', action: 'clip.delete-files', subject });
    for (const subject of permits) await audit(q, { who: 'system', action: 'permit.delete-file', subject });
    const named = await hashesOf(q, clips, permits);
    await q.update(q.t.permits).set({ fileDeletedAt: now }).where(inArray(q.t.permits.id, permits));
    return named;
  });
  // A crash in between leaves files that nothing names; the same content, uploaded again, takes their place.
  await removeUnneeded(store, blobs, hashes);
}

/** Removes those of the files that no clip, permit or photo that somebody may still use names. */
export async function removeUnneeded(store: Store, blobs: BlobStore, hashes: Iterable<string>): Promise<void> {
  for (const sha256 of hashes)
    await removeUnless(store, blobs, sha256, async (q) => (await isNamed(q, sha256)) || (await isKept(q, sha256)));
}

const ended: ClipStatus[] = ['rejected', 'taken-down', 'expired', 'failed', 'withdrawn'];

/** Those of the clips that nobody has brought back meanwhile: from here on nobody can. */
async function markDeleted(q: Tx, ids: readonly string[], now: InstantMs): Promise<string[]> {
  const t = q.t.clips;
  const marked = await q
    .update(t)
    .set({ filesDeletedAt: now })
    .where(and(inArray(t.id, [...ids]), inArray(t.status, ended)))
    .returning({ id: t.id });
  return marked.map(({ id }) => id);
}

/**
 * Those that no screen may play any more and none has played since; never played ones count from their making. What its merchant withdrew and none has played
 * goes as soon as no screen can have a play to tell of.
 */
async function oldClips(q: Tx, now: InstantMs): Promise<string[]> {
  const { clips: t, clipReviews: steps } = q.t;
  const withdrawn = q
    .select({ id: steps.id })
    .from(steps)
    .where(and(eq(steps.clipId, t.id), eq(steps.step, 'withdrawn'), lte(steps.at, instant(now - toldWithinMs))));
  const isUnseen = and(eq(t.status, 'withdrawn'), isNull(t.lastPlayedAt), exists(withdrawn));
  const rows = await q
    .select({ id: t.id })
    .from(t)
    .where(
      and(
        inArray(t.status, ended),
        isNull(t.filesDeletedAt),
        or(lte(sql`coalesce(${t.lastPlayedAt}, ${t.createdAt})`, keptSince(now)), isUnseen),
      ),
    )
    .limit(filesMax);
  return rows.map(({ id }) => id);
}

/** Scans of permits that have been over for so long and carried no clip that was played since, or may be. */
async function oldPermits(q: Tx, before: InstantMs): Promise<string[]> {
  const { permits: p, clips: c } = q.t;
  const carried = q
    .select({ id: c.id })
    .from(c)
    .where(
      and(
        eq(c.merchantId, p.merchantId),
        eq(c.category, p.category),
        or(eq(c.status, 'approved'), sql`${c.lastPlayedAt} > ${before}`),
      ),
    );
  const rows = await q
    .select({ id: p.id })
    .from(p)
    .where(and(isNull(p.fileDeletedAt), lte(p.validTo, before), lte(p.createdAt, before), notExists(carried)))
    .limit(filesMax);
  return rows.map(({ id }) => id);
}

/** Every file that these clips and permits name. */
export async function hashesOf(
  q: Reads,
  clipIds: readonly string[],
  permitIds: readonly string[],
): Promise<ReadonlySet<string>> {
  const { clips: c, clipFiles: f, permits: p } = q.t;
  const clips = await q
    .select()
    .from(c)
    .where(inArray(c.id, [...clipIds]));
  const files = await q
    .select()
    .from(f)
    .where(inArray(f.clipId, [...clipIds]));
  const permits = await q
    .select({ fileSha256: p.fileSha256 })
    .from(p)
    .where(inArray(p.id, [...permitIds]));
  const all = [
    ...clips.flatMap((one) => [one.sourceSha256, one.sha256, one.posterSha256, ...hashesIn(one.recipe)]),
    ...files.flatMap((one) => [one.sha256, one.posterSha256]),
    ...permits.map(({ fileSha256 }) => fileSha256),
  ];
  return new Set(all.filter((hash) => hash !== null));
}

/** Photos that a recipe names. */
const hashesIn = (recipe: unknown): string[] => JSON.stringify(recipe ?? null).match(/\b[0-9a-f]{64}\b/g) ?? [];

/** True if anything that still has its files names this one. */
export async function isNamed(q: Reads, sha256: string): Promise<boolean> {
  const { clips: c, clipFiles: f, permits: p } = q.t;
  const ofClips = and(
    isNull(c.filesDeletedAt),
    or(
      eq(c.sourceSha256, sha256),
      eq(c.sha256, sha256),
      eq(c.posterSha256, sha256),
      and(isNotNull(c.recipe), sql`cast(${c.recipe} as text) like ${`%${sha256}%`}`),
      inArray(
        c.id,
        q
          .select({ id: f.clipId })
          .from(f)
          .where(or(eq(f.sha256, sha256), eq(f.posterSha256, sha256))),
      ),
    ),
  );
  const ofPermits = and(isNull(p.fileDeletedAt), eq(p.fileSha256, sha256));
  return (
    (await q.select({ id: c.id }).from(c).where(ofClips).limit(1)).length > 0 ||
    (await q.select({ id: p.id }).from(p).where(ofPermits).limit(1)).length > 0
  );
}
