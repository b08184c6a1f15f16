import { randomBytes } from 'node:crypto';
import { mkdir } from 'node:fs/promises';
import { areHeld } from './hold-files.ts';
import { DomainError, seconds } from '@gatecast/firmware-protocol';
import { Histogram } from 'prom-client';
import { z } from 'zod';
import type { BlobStore } from '../platform/blob-store.ts';
import type { Tx } from '../platform/db/store.ts';
import type { Platform } from '../platform/platform.ts';
import { checkArrived } from './clip-checks.ts';
import { emitClip } from './clip-events.ts';
import { writeClipFiles } from './clip-files.ts';
import { keepMade, keepWhole, type KeptFiles } from './keep-made.ts';
import { makeMaster } from './maker/master.ts';
import { needsNoConverter, type FileSource } from './profiles.ts';
import { removeUnneeded } from './retention.ts';
import { passes, type Converter } from './run-ffmpeg.ts';
import { wantSourceForgotten } from './failed-source.ts';
import { findClip, moveClip, type ClipRow } from './store.ts';
import { uploadName } from './upload-name.ts';
import { transcode, type MeasuredClip } from './transcode.ts';

const jobKind = 'clip.transcode';
const payloadShape = z.object({ clipId: z.string() });
const progressStepPercent = 5;
const attemptsMax = 5;
/** With those that ended with the whole program, by whatever the video did to it. */
const startsMax = 10;
/** A conversion that was cut off begins again in either state. */
const unmade = ['queued', 'transcoding'] as const;

/**
 * Says in the transaction that adds a clip, or wants it tried again, that it is to be converted. A conversion that was given up begins anew.
 */
export const wantTranscode = ({ jobs }: Platform, q: Tx, clipId: string): Promise<void> =>
  jobs.add(q, jobKind, { clipId }, { id: `${jobKind}:${clipId}`, again: true });

/**
 * Converts sources, a few at a time, over restarts and kills. What ffmpeg cannot read fails for good; what passes is tried again with its reason shown;
 * without an ffmpeg only files that are clips already go on, the others stay `queued` with the reason `no-ffmpeg` until a start that finds one.
 */
export function handleTranscodes(platform: Platform, blobs: BlobStore, converter: () => Converter | undefined): void {
  const { jobs, store, config } = platform;
  const took = new Histogram({
    name: 'gatecast_transcode_seconds',
    help: 'Time to make all files of a clip',
    buckets: [1, 3, 10, 30, 60, 120, 300],
    registers: [platform.metrics.registry],
  });
  jobs.handle(jobKind, {
    concurrency: config.transcode.jobs,
    leaseMs: seconds(30),
    renewsLease: true,
    attemptsMax,
    async run(payload, { signal, attempt }) {
      const { clipId } = payloadShape.parse(payload);
      const clip = await findClip(store.read, clipId);
      // Done before by a process that died before it could clear its desk.
      if (clip?.status !== 'queued' && clip?.status !== 'transcoding') return clearDesk(blobs, clipId);
      if (attempt > startsMax) return fail(platform, clipId, 'transcode-interrupted');
      const endTimer = took.startTimer();
      try {
        if (await convert(platform, blobs, clip, converter(), signal)) endTimer();
      } catch (error) {
        // The desk may be another's by now.
        signal.throwIfAborted();
        await blobs.discardAll(clipId);
        await noteFault(platform, clipId, error);
      }
    },
    gaveUp: (payload, error) => fail(platform, payloadShape.parse(payload).clipId, reasonOf(error)),
  });
}

const sourceOf = (clip: ClipRow): FileSource => ({
  width: clip.sourceWidth,
  height: clip.sourceHeight,
  durationMs: clip.durationMs,
  conforms: clip.sourceConforms,
});

/** Resolves with false if the clip has to wait. */
async function convert(
  platform: Platform,
  blobs: BlobStore,
  clip: ClipRow,
  converter: Converter | undefined,
  signal: AbortSignal,
): Promise<boolean> {
  const source = sourceOf(clip);
  if (!converter && !needsNoConverter(source)) {
    await update(platform, (q) => moveClip(q, clip.id, 'queued', { reason: 'no-ffmpeg', progressPercent: 0 }, unmade));
    return false;
  }
  const begun = { reason: null, progressPercent: 0 };
  // Withdrawn while it waited.
  if (!(await update(platform, (q) => moveClip(q, clip.id, 'transcoding', begun, unmade)))) return false;
  const files = converter
    ? await makeAndKeep(platform, blobs, converter, clip, signal)
    : await keepWhole(blobs, await blobs.fetch(uploadName(clip.id)), source);
  const arrived = await update(platform, async (q) => {
    if (!(await areHeld(q, blobs, files.files.flatMap(hashesOfFile))))
      throw new DomainError('transcode-interrupted', 'a file of the same content was being deleted');
    return arrive(platform, q, clip.id, files);
  });
  // Withdrawn while it was made.
  if (!arrived) await removeUnneeded(platform.store, blobs, files.files.flatMap(hashesOfFile));
  await clearDesk(blobs, clip.id);
  return true;
}

async function makeAndKeep(
  platform: Platform,
  blobs: BlobStore,
  converter: Converter,
  clip: ClipRow,
  signal: AbortSignal,
): Promise<Arrival> {
  // What a run that was cut off had begun. A folder for this one alone: the other may not know yet that it has lost its lease.
  await blobs.discardAll(clip.id);
  const name = `${clip.id}/${randomBytes(4).toString('hex')}`;
  const folder = blobs.desk(name);
  await mkdir(folder, { recursive: true });
  const report = progressReporter(platform, clip.id);
  const before = clip.recipe === null ? 0 : makingPercent;
  const onProgress = (percent: number) => report(before + Math.floor((percent * (100 - before)) / 100));
  const { targetLufs } = platform.config.transcode;
  try {
    const path = await bringSource(blobs, converter, clip, { name: `${name}/source.mp4`, report }, signal);
    const source = { ...sourceOf(clip), path, hasAudio: clip.sourceHasAudio };
    const { files, measured } = await transcode(converter, { source, folder, targetLufs, onProgress }, signal);
    return { ...(await keepMade(blobs, files, path)), measured };
  } finally {
    await blobs.discardAll(name);
  }
}

/** How much of the work on a clip of a recipe is done when its source is there. */
const makingPercent = 40;

/** What came lies on the desk; what is made from a recipe is made now, under this name, and again after whatever came in between. */
async function bringSource(
  blobs: BlobStore,
  converter: Converter,
  { id, recipe, sourceWidth }: ClipRow,
  { name, report }: { readonly name: string; readonly report: (percent: number) => void },
  signal: AbortSignal,
): Promise<string> {
  if (recipe === null) return blobs.fetch(uploadName(id));
  const onProgress = (share: number) => report(Math.floor(makingPercent * share));
  return makeMaster(blobs, converter, { recipe, sourceWidth, name, onProgress }, signal);
}

const hashesOfFile = ({ sha256, posterSha256 }: KeptFiles['files'][number]): string[] =>
  [sha256, posterSha256].filter((hash) => hash !== null);

interface Arrival extends KeptFiles {
  readonly measured?: MeasuredClip;
}

/** Brings the clip before the reviewers with its files, in one transaction. */
async function arrive(
  platform: Platform,
  q: Tx,
  clipId: string,
  { files, shown, measured }: Arrival,
): Promise<ClipRow | undefined> {
  const { sha256, bytes, posterSha256, durationMs, width, height } = shown;
  const set = { sha256, bytes, posterSha256, durationMs, width, height, progressPercent: 100, reason: null };
  const moved = await moveClip(q, clipId, 'in-review', set, unmade);
  if (!moved) return undefined;
  await writeClipFiles(q, clipId, files);
  return checkArrived(platform, q, moved, measured);
}

async function clearDesk(blobs: BlobStore, clipId: string): Promise<void> {
  await blobs.discardAll(clipId);
  await blobs.discard(uploadName(clipId));
}

/** What passes goes back to the queue with its reason, and the job is told to try again; the rest is for good. */
async function noteFault(platform: Platform, clipId: string, error: unknown): Promise<void> {
  const reason = reasonOf(error);
  if (error instanceof DomainError && !passes(reason)) {
    platform.log.warn({ clipId, code: error.code, details: error.details }, 'a clip cannot be converted');
    return fail(platform, clipId, reason);
  }
  await update(platform, (q) => moveClip(q, clipId, 'queued', { reason, progressPercent: 0 }, unmade));
  throw error;
}

/** Stable code of why a clip failed or waits. */
function reasonOf(error: unknown): string {
  if (error instanceof DomainError) return error.code === 'not-found' ? 'source-gone' : error.code;
  return error instanceof Error && 'code' in error && error.code === 'ENOSPC' ? 'disk-full' : 'transcode-interrupted';
}

/** The source stays on the desk for a while, so that somebody can have it tried again. */
async function fail(platform: Platform, clipId: string, reason: string): Promise<void> {
  await update(platform, async (q) => {
    const failed = await moveClip(q, clipId, 'failed', { reason });
    if (!failed) return undefined;
    await platform.audit(q, { who: 'system', action: 'clip.fail', subject: clipId, facts: { reason } });
    await wantSourceForgotten(platform, q, clipId);
    return failed;
  });
}

/** Tells of progress in steps; what comes too fast is left out. */
function progressReporter(platform: Platform, clipId: string): (percent: number) => void {
  let told = 0;
  let telling = false;
  return (percent) => {
    if (telling || percent < told + progressStepPercent) return;
    told = percent;
    telling = true;
    void update(platform, (q) => moveClip(q, clipId, 'transcoding', { progressPercent: percent }, ['transcoding']))
      .catch((err: unknown) => platform.log.warn({ err, clipId }, 'cannot tell the progress'))
      .finally(() => (telling = false));
  };
}

const update = (
  { store, events }: Platform,
  change: (q: Tx) => Promise<ClipRow | undefined>,
): Promise<ClipRow | undefined> =>
  store.tx(async (q) => {
    const clip = await change(q);
    if (clip) await emitClip(events, q, clip);
    return clip;
  });
