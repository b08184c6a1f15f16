import type { As } from '../platform/auth.ts';
import type { Tx } from '../platform/db/store.ts';
import { notFound, refusal } from '../platform/errors.ts';
import type { Platform } from '../platform/platform.ts';
import { emitClip } from './clip-events.ts';
import { findClip, moveClip, type ClipRow } from './store.ts';

/** Runs in the transaction that lets a clip play or takes it off the screens. */
export type PlayableHook = (q: Tx, clip: ClipRow) => Promise<void>;

/** The operator's decision. Rejects with `not-found` or `clip-state`. */
export function createReview({ store, audit, events }: Platform, hooks: readonly PlayableHook[]) {
  return (
    who: As<'operator'>,
    id: string,
    to: 'approved' | 'rejected',
    why: { readonly reason: string | null; readonly note: string | null },
  ): Promise<ClipRow> =>
    store.tx(async (q) => {
      const clip = await moveClip(q, id, to, why);
      if (!clip)
        throw (await findClip(q, id)) ? refusal('clip-state', 'the clip is not waiting for this') : notFound('clip');
      const action = to === 'approved' ? 'clip.approve' : 'clip.reject';
      await audit(q, { who, action, subject: id, facts: { reason: why.reason } });
      for (const hook of hooks) await hook(q, clip);
      await emitClip(events, q, clip);
      return clip;
    });
}
