import type { As } from '../platform/auth.ts';
import { notFound, refusal } from '../platform/errors.ts';
import type { Platform } from '../platform/platform.ts';
import { emitClip } from './clip-events.ts';
import { findClip, moveClip, type ClipRow } from './store.ts';
import { wantTranscode } from './transcode-job.ts';

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
