import type { InstantMs } from '@gatecast/firmware-protocol';
import type { z } from 'zod';
import type { As } from '../platform/auth.ts';
import type { Tx } from '../platform/db/store.ts';
import { notFound, refusal } from '../platform/errors.ts';
import type { Platform } from '../platform/platform.ts';
import { judge, requireOtherEyes } from './approval.ts';
import { checkArrived } from './clip-checks.ts';
import { emitClip } from './clip-events.ts';
import type { ClipStatus } from './contract.ts';
import type { approval, clipPatch, rejection, takingDown } from './review-contract.ts';
import { requireMine, unclaimed } from './review-claim.ts';
import { countSteps, noteStep, type NewStep } from './review-history.ts';
import { findClip, moveClip, setCategory, type ClipRow } from './store.ts';

/** Runs in the transaction that lets a clip play or takes it off the screens. */
export type PlayableHook = (q: Tx, clip: ClipRow) => Promise<void>;

export interface Review {
  /** Rejects with `clip-state`, `clip-claimed`, `category-banned`, `checklist-incomplete`, `permit-missing`, `approval-past` or `own-clip`. */
  approve(who: As<'operator'>, id: string, terms: z.output<typeof approval>): Promise<ClipRow>;
  reject(who: As<'operator'>, id: string, why: z.output<typeof rejection>): Promise<ClipRow>;
  /** Off every screen, at once. */
  takeDown(who: As<'operator'>, id: string, why: z.output<typeof takingDown>): Promise<ClipRow>;
  /** Brings a clip before the reviewers once more. A merchant may do so after a rejection or an expiry, a few times. */
  again(who: As<'operator' | 'merchant'>, id: string): Promise<ClipRow>;
  /** Says what a clip advertises, as long as nobody has decided on it. */
  categorise(who: As<'operator' | 'merchant'>, id: string, patch: z.output<typeof clipPatch>): Promise<ClipRow>;
  /** Ends an approval without a person: its time is over, or its permit is gone. */
  expire(q: Tx, id: string, reason: 'over' | 'permit-gone'): Promise<void>;
  /** Has an approval end sooner; the screens hear of it. */
  shorten(q: Tx, id: string, until: InstantMs): Promise<void>;
}

interface Why {
  readonly reason: string;
  readonly note: string;
}

/** How often a merchant may ask for another look at one clip. */
const againMax = 5;

export function createReview(platform: Platform, hooks: readonly PlayableHook[]): Review {
  const { store, clock, audit, events, config } = platform;

  const { own, moved, told, playableChanged } = createSteps(platform, hooks);

  const takeDown = async (q: Tx, who: As<'operator'>, id: string, why: Why): Promise<ClipRow> => {
    const clip = await moved(q, id, 'taken-down', why);
    await audit(q, { who, action: 'clip.take-down', subject: id, facts: { reason: why.reason } });
    await playableChanged(q, clip);
    return told(q, clip, { step: 'taken-down', accountId: who.accountId, ...why });
  };

  return {
    approve: (who, id, terms) =>
      store.tx(async (q) => {
        const clip = await own(q, who, id);
        if (clip.status !== 'in-review') throw wrongState();
        requireMine(who, clip, clock.now());
        if (config.fourEyes) await requireOtherEyes(q, who, clip);
        const { ticked, note, ...set } = await judge(q, clip, terms, clock.now());
        const approved = await moved(q, id, 'approved', { ...set, ...unclaimed, note, reason: null });
        const until = set.approvedUntil;
        await audit(q, { who, action: 'clip.approve', subject: id, facts: { category: set.category, until } });
        await playableChanged(q, approved);
        return told(q, approved, { step: 'approved', accountId: who.accountId, ticked, until, note });
      }),
    reject: (who, id, why) =>
      store.tx(async (q) => {
        // Of what plays, a rejection is a take-down: callers from before there were take-downs mean just that.
        const before = await own(q, who, id);
        if (before.status === 'approved') return takeDown(q, who, id, why);
        requireMine(who, before, clock.now());
        const clip = await moved(q, id, 'rejected', { ...why, ...unclaimed });
        await audit(q, { who, action: 'clip.reject', subject: id, facts: { reason: why.reason } });
        return told(q, clip, { step: 'rejected', accountId: who.accountId, ...why });
      }),
    takeDown: (who, id, why) =>
      store.tx(async (q) => {
        await own(q, who, id);
        return takeDown(q, who, id, why);
      }),
    again: (who, id) =>
      store.tx(async (q) => {
        await own(q, who, id);
        if (who.role === 'merchant' && (await countSteps(q, id, 'submitted')) > againMax)
          throw refusal('too-many-reviews', 'upload another video instead', { max: againMax });
        const clip = await moved(q, id, 'in-review', { reason: null, note: null }, againFrom[who.role]);
        await audit(q, { who, action: 'clip.review-again', subject: id });
        await noteStep(q, { clipId: id, at: clock.now(), step: 'submitted', accountId: who.accountId });
        const checked = await checkArrived(platform, q, clip);
        await emitClip(events, q, checked);
        return checked;
      }),
    categorise: (who, id, { category }) =>
      store.tx(async (q) => {
        await own(q, who, id);
        const clip = await setCategory(q, id, category, undecided);
        if (!clip) throw wrongState();
        await audit(q, { who, action: 'clip.categorise', subject: id, facts: { category } });
        const checked = clip.status === 'in-review' ? await checkArrived(platform, q, clip) : clip;
        await emitClip(events, q, checked);
        return checked;
      }),
    ...createEndings(platform, { told, playableChanged }),
  };
}

/** What ends an approval without a person. */
function createEndings(
  { audit, events }: Platform,
  { told, playableChanged }: Pick<ReturnType<typeof createSteps>, 'told' | 'playableChanged'>,
): Pick<Review, 'expire' | 'shorten'> {
  return {
    async expire(q, id, reason) {
      const clip = await moveClip(q, id, 'expired', { reason });
      if (!clip) return;
      await audit(q, { who: 'system', action: 'clip.expire', subject: id, facts: { reason } });
      await playableChanged(q, clip);
      await told(q, clip, { step: 'expired', accountId: null, reason });
    },
    async shorten(q, id, until) {
      const clip = await moveClip(q, id, 'approved', { approvedUntil: until }, ['approved']);
      if (!clip) return;
      await audit(q, { who: 'system', action: 'clip.shorten', subject: id, facts: { until } });
      await playableChanged(q, clip);
      await emitClip(events, q, clip);
    },
  };
}

/** What every step of a review is made of. */
function createSteps({ clock, events }: Platform, hooks: readonly PlayableHook[]) {
  const told = async (q: Tx, clip: ClipRow, step: Omit<NewStep, 'clipId' | 'at' | 'findings'>): Promise<ClipRow> => {
    await noteStep(q, { clipId: clip.id, at: clock.now(), findings: clip.findings, ...step });
    await emitClip(events, q, clip);
    return clip;
  };
  const playableChanged = async (q: Tx, clip: ClipRow) => {
    for (const hook of hooks) await hook(q, clip);
  };
  const own = async (q: Tx, who: As<'operator' | 'merchant'>, id: string): Promise<ClipRow> => {
    const clip = await findClip(q, id);
    if (!clip || (who.role === 'merchant' && clip.merchantId !== who.merchantId)) throw notFound('clip');
    return clip;
  };
  const moved = async (...step: Parameters<typeof moveClip>): Promise<ClipRow> => {
    const clip = await moveClip(...step);
    if (!clip) throw wrongState();
    return clip;
  };
  return { own, moved, told, playableChanged };
}

const wrongState = () => refusal('clip-state', 'the clip is not waiting for this');

/** What was taken down comes back by the operator's will alone. */
const againFrom: Readonly<Record<'operator' | 'merchant', readonly ClipStatus[]>> = {
  operator: ['rejected', 'expired', 'taken-down'],
  merchant: ['rejected', 'expired'],
};
const undecided: readonly ClipStatus[] = ['queued', 'transcoding', 'in-review', 'rejected', 'expired'];
