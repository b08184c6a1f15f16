import { after, minutes, type InstantMs } from '@gatecast/firmware-protocol';
import { and, eq, isNull, lte, or } from 'drizzle-orm';
import type { As } from '../platform/auth.ts';
import type { Tx } from '../platform/db/store.ts';
import { notFound, refusal } from '../platform/errors.ts';
import type { Platform } from '../platform/platform.ts';
import { emitClip } from './clip-events.ts';
import { findClip, type ClipRow } from './store.ts';

/** So long nobody else decides on a clip that somebody looks at; a page that stays open asks again before. */
export const reviewClaimMs = minutes(10);

export interface ReviewClaims {
  /**
   * Takes a waiting clip for its reviewer, or keeps it for longer: of two at once one gets it. Rejects with `clip-claimed` while a colleague looks at it,
   * with `clip-state` when it does not wait, or with `not-found`.
   */
  claim(who: As<'operator'>, id: string): Promise<ClipRow>;
  /** Leaves it to the others. Nothing happens where it is somebody else's. */
  release(who: As<'operator'>, id: string): Promise<ClipRow>;
}

export function createReviewClaims({ store, clock, events }: Platform): ReviewClaims {
  return {
    claim: (who, id) =>
      store.tx(async (q) => {
        const now = clock.now();
        const t = q.t.clips;
        const isFree = or(isNull(t.reviewUntil), lte(t.reviewUntil, now), eq(t.reviewerId, who.accountId));
        const [taken] = await q
          .update(t)
          .set({ reviewerId: who.accountId, reviewUntil: after(now, reviewClaimMs) })
          .where(and(eq(t.id, id), eq(t.status, 'in-review'), isFree))
          .returning();
        if (!taken) throw await whyNot(q, id, now);
        await emitClip(events, q, taken);
        return taken;
      }),
    release: (who, id) =>
      store.tx(async (q) => {
        const t = q.t.clips;
        const [left] = await q
          .update(t)
          .set(unclaimed)
          .where(and(eq(t.id, id), eq(t.reviewerId, who.accountId)))
          .returning();
        if (left) await emitClip(events, q, left);
        const clip = left ?? (await findClip(q, id));
        if (!clip) throw notFound('clip');
        return clip;
      }),
  };
}

export const unclaimed = { reviewerId: null, reviewUntil: null } as const;

/** Who looks at it now; undefined: nobody, or the time is over. */
export const claimOf = (
  { status, reviewerId, reviewUntil }: Pick<ClipRow, 'status' | 'reviewerId' | 'reviewUntil'>,
  now: InstantMs,
): { readonly accountId: string; readonly until: InstantMs } | undefined =>
  status === 'in-review' && reviewerId !== null && reviewUntil !== null && now < reviewUntil
    ? { accountId: reviewerId, until: reviewUntil }
    : undefined;

/** Rejects with `clip-claimed` while a colleague looks at it. */
export function requireMine(who: As<'operator'>, clip: ClipRow, now: InstantMs): void {
  const claim = claimOf(clip, now);
  if (claim && claim.accountId !== who.accountId) throw claimed(claim.until);
}

async function whyNot(q: Tx, id: string, now: InstantMs): Promise<Error> {
  const clip = await findClip(q, id);
  if (!clip) return notFound('clip');
  const claim = claimOf(clip, now);
  return claim ? claimed(claim.until) : refusal('clip-state', 'the clip is not waiting for this');
}

const claimed = (until: InstantMs) => refusal('clip-claimed', 'a colleague looks at this clip', { until });
