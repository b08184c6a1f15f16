import { DomainError, minutes } from '@gatecast/firmware-protocol';
import { and, eq } from 'drizzle-orm';
import { z } from 'zod';
import type { Tx } from '../platform/db/store.ts';
import type { Platform } from '../platform/platform.ts';
import type { BlobStore } from '../platform/blob-store.ts';
import { emitClip } from './clip-events.ts';
import { writeClipFiles } from './clip-files.ts';
import { cuts } from './cuts.ts';
import { readMp4File } from './file-source.ts';
import type { Ffmpeg } from './find-ffmpeg.ts';
import { findClip, moveClip, type ClipRow } from './store.ts';
import { makePoster, transcode } from './transcode.ts';

const jobKind = 'clip.transcode';
const payloadShape = z.object({ clipId: z.string() });
const progressStepPercent = 5;

/** Names on the desk, next to the upload itself. */
export const uploadName = (clipId: string): string => `${clipId}.upload`;
const clipName = (clipId: string): string => `${clipId}.mp4`;
const posterName = (clipId: string): string => `${clipId}.jpg`;

/** Says in the transaction of an upload that it is to be converted. */
export const wantTranscode = ({ jobs }: Platform, q: Tx, clipId: string): Promise<void> =>
  jobs.add(q, jobKind, { clipId }, { id: `${jobKind}:${clipId}` });

/**
 * Converts uploads one at a time, over restarts. A file that ffmpeg cannot read fails for good; without an ffmpeg only files that are
 * clips already go on, the others stay `queued` with the reason `no-ffmpeg` until a start that finds one.
 */
export function handleTranscodes(platform: Platform, blobs: BlobStore, ffmpeg: () => Ffmpeg | undefined): void {
  const { jobs, store } = platform;
  jobs.handle(jobKind, {
    concurrency: 1,
    leaseMs: minutes(10),
    attemptsMax: 5,
    async run(payload, { signal }) {
      const { clipId } = payloadShape.parse(payload);
      const clip = await findClip(store.read, clipId);
      if (!clip || (clip.status !== 'queued' && clip.status !== 'transcoding')) return;
      try {
        await convert(platform, blobs, clip, ffmpeg(), signal);
      } catch (error) {
        if (!(error instanceof DomainError)) throw error;
        platform.log.warn({ clipId, code: error.code, details: error.details }, 'a clip cannot be converted');
        await fail(platform, clipId, error.code);
      }
    },
    gaveUp: async (payload) => fail(platform, payloadShape.parse(payload).clipId, 'transcode-failed'),
  });
}

async function convert(
  platform: Platform,
  blobs: BlobStore,
  clip: ClipRow,
  ffmpeg: Ffmpeg | undefined,
  signal: AbortSignal,
): Promise<void> {
  const input = await blobs.fetch(uploadName(clip.id));
  if (!ffmpeg && !clip.sourceConforms) {
    return update(platform, (q) => moveClipTo(q, clip, 'queued', { reason: 'no-ffmpeg', progressPercent: 0 }));
  }
  await update(platform, (q) => moveClipTo(q, clip, 'transcoding', { reason: null, progressPercent: 0 }));
  const made = ffmpeg
    ? await convertWith(platform, blobs, clip, ffmpeg, signal)
    : { kept: await blobs.keepCopy(input), posterSha256: null };
  const { durationMs, video } = made.facts ?? { durationMs: clip.durationMs, video: sourceSize(clip) };
  const { sha256, bytes } = made.kept;
  const file = { sha256, bytes, posterSha256: made.posterSha256, durationMs, width: video.width, height: video.height };
  await update(platform, async (q) => {
    const moved = await moveClip(q, clip.id, 'in-review', { ...file, progressPercent: 100, reason: null });
    if (moved) {
      await writeClipFiles(
        q,
        clip.id,
        cuts.map((cut) => ({ cut, profile: 'B', ...file })),
      );
    }
    return moved;
  });
  for (const name of [uploadName, clipName, posterName]) await blobs.discard(name(clip.id));
}

interface Converted {
  readonly kept: { readonly sha256: string; readonly bytes: number };
  readonly posterSha256: string | null;
  readonly facts?: { readonly durationMs: number; readonly video: { readonly width: number; readonly height: number } };
}

/** A file that is a clip already is kept to the byte and only gets its poster. */
async function convertWith(
  platform: Platform,
  blobs: BlobStore,
  clip: ClipRow,
  ffmpeg: Ffmpeg,
  signal: AbortSignal,
): Promise<Converted> {
  const input = await blobs.fetch(uploadName(clip.id));
  const output = blobs.desk(clipName(clip.id));
  const poster = blobs.desk(posterName(clip.id));
  const { durationMs, sourceWidth: width, sourceHeight: height, sourceHasAudio: hasAudio } = clip;
  if (clip.sourceConforms) {
    await makePoster({ ffmpeg: ffmpeg.path, clip: input, poster, durationMs }, signal);
    return { kept: await blobs.keepCopy(input), posterSha256: (await blobs.keep(poster)).sha256 };
  }
  const onProgress = progressReporter(platform, clip);
  const source = { input, width, height, hasAudio, durationMs };
  await transcode({ ...source, ffmpeg: ffmpeg.path, clip: output, poster, onProgress }, signal);
  const facts = await readMp4File(output);
  return { kept: await blobs.keep(output), posterSha256: (await blobs.keep(poster)).sha256, facts };
}

const sourceSize = (clip: ClipRow) => ({ width: clip.sourceWidth, height: clip.sourceHeight });

/** Tells of progress in steps; what comes too fast is left out. */
function progressReporter(platform: Platform, clip: ClipRow): (percent: number) => void {
  let told = 0;
  let telling = false;
  return (percent) => {
    if (telling || percent < told + progressStepPercent) return;
    told = percent;
    telling = true;
    void update(platform, (q) => moveClipTo(q, clip, 'transcoding', { progressPercent: percent }))
      .catch((err: unknown) => platform.log.warn({ err, clipId: clip.id }, 'cannot tell the progress'))
      .finally(() => (telling = false));
  };
}

const update = ({ store, events }: Platform, change: (q: Tx) => Promise<ClipRow | undefined>): Promise<void> =>
  store.tx(async (q) => {
    const clip = await change(q);
    if (clip) await emitClip(events, q, clip);
  });

async function fail(platform: Platform, clipId: string, reason: string): Promise<void> {
  await update(platform, (q) => moveClip(q, clipId, 'failed', { reason }));
}

/** Within the conversion a clip may stay where it is: a run that was cut off begins again. */
async function moveClipTo(
  q: Tx,
  clip: ClipRow,
  to: 'queued' | 'transcoding',
  set: Partial<Pick<ClipRow, 'reason' | 'progressPercent'>>,
): Promise<ClipRow | undefined> {
  return (await moveClip(q, clip.id, to, set)) ?? (await touchClip(q, clip.id, to, set));
}

async function touchClip(
  q: Tx,
  id: string,
  status: 'queued' | 'transcoding',
  set: Partial<Pick<ClipRow, 'reason' | 'progressPercent'>>,
): Promise<ClipRow | undefined> {
  const { clips: t } = q.t;
  const [row] = await q
    .update(t)
    .set(set)
    .where(and(eq(t.id, id), eq(t.status, status)))
    .returning();
  return row;
}
