import { days, hours, instant } from '@gatecast/firmware-protocol';
import { and, eq, gt, lt } from 'drizzle-orm';
import type { As } from '../platform/auth.ts';
import type { BlobStore } from '../platform/blob-store.ts';
import { notFound, refusal } from '../platform/errors.ts';
import type { Platform } from '../platform/platform.ts';
import { emitClip } from './clip-events.ts';
import { findClip, moveClip, type ClipRow } from './store.ts';
import { uploadName, wantTranscode } from './transcode-job.ts';

/** So long the upload of a clip that failed is kept. */
const sourceKeptMs = days(7);
/** Older ones were seen to before, also after a month in which the program did not run. */
const sweptMs = days(60);
const sweepEveryMs = hours(6);
const sweptAtOnce = 500;

/** Has a failed conversion tried again. Rejects with `not-found` or `clip-state`. */
export function createRetry(platform: Platform) {
  const { store, events, audit } = platform;
  return (who: As<'operator' | 'merchant'>, id: string): Promise<ClipRow> =>
    store.tx(async (q) => {
      const clip = await findClip(q, id);
      if (!clip || (who.role === 'merchant' && clip.merchantId !== who.merchantId)) throw notFound('clip');
      const queued = await moveClip(q, id, 'queued', { reason: null, progressPercent: 0 }, ['failed']);
      if (!queued) throw refusal('clip-state', 'the clip has not failed');
      await audit(q, { who, action: 'clip.retry', subject: id, facts: { failedWith: clip.reason } });
      await wantTranscode(platform, q, id);
      await emitClip(events, q, queued);
      return queued;
    });
}

/** Deletes the uploads of clips that failed and that nobody had tried again. */
export function sweepFailedSources({ jobs, store, clock }: Platform, blobs: BlobStore): void {
  jobs.handle('clip.failed-sources', {
    everyMs: sweepEveryMs,
    async run() {
      const t = store.read.t.clips;
      const [from, to] = [instant(clock.now() - sweptMs), instant(clock.now() - sourceKeptMs)];
      const old = await store.read
        .select({ id: t.id })
        .from(t)
        .where(and(eq(t.status, 'failed'), gt(t.createdAt, from), lt(t.createdAt, to)))
        .limit(sweptAtOnce);
      for (const { id } of old) await blobs.discard(uploadName(id));
    },
  });
}
