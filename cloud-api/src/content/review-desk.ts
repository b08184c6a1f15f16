import { accountNames } from '../identity/account-names.ts';
import type { As } from '../platform/auth.ts';
import type { Page } from '../platform/contract.ts';
import { notFound } from '../platform/errors.ts';
import type { Platform } from '../platform/platform.ts';
import { countInForce } from '../terminals/documents-in-force.ts';
import { categories, categoryRules, checklistOf } from './categories.ts';
import { filesOfClips } from './clip-files.ts';
import type { CategoryInfo, ClipScreens, ReviewStep } from './review-contract.ts';
import { stepsOf } from './review-history.ts';
import { playableUntil } from './playable-until.ts';
import { findClip } from './store.ts';

/** What reviewers and merchants look up: histories, rules, and where a clip still is. */
export interface ReviewDesk {
  history(who: As<'operator' | 'merchant'>, id: string): Promise<Page<ReviewStep>>;
  screens(id: string): Promise<ClipScreens>;
  readonly categories: readonly CategoryInfo[];
}

const stepsMax = 200;

export function createReviewDesk({ store, clock, config }: Platform): ReviewDesk {
  return {
    async history(who, id) {
      const clip = await findClip(store.read, id);
      if (!clip || (who.role === 'merchant' && clip.merchantId !== who.merchantId)) throw notFound('clip');
      const steps = await stepsOf(store.read, id, stepsMax);
      const accounts = steps.flatMap(({ accountId }) => (accountId === null ? [] : [accountId]));
      // Which colleague decided is the operator's own business; the merchant deals with the operator.
      const names = who.role === 'operator' ? await accountNames(store.read, accounts) : new Map<string, string>();
      const items = steps.map(({ accountId, findings, ticked, until, ...step }) => ({
        ...step,
        by: names.get(accountId ?? '') ?? null,
        findings: findings ?? null,
        ticked: ticked ?? null,
        until: until ?? null,
      }));
      return { items, nextCursor: null };
    },
    async screens(id) {
      const clip = await findClip(store.read, id);
      if (!clip) throw notFound('clip');
      const files = (await filesOfClips(store.read, [id])).get(id) ?? [];
      const counts = await countInForce(
        store.read,
        'media',
        // As an entry: a manifest also names what must not come back.
        files.map(({ sha256 }) => `"sha256":"${sha256}"`),
      );
      const { house, approvedUntil } = clip;
      return { ...counts, until: playableUntil({ house, until: approvedUntil }, clock.now(), config.offlineClipDays) };
    },
    categories: categories.map((category) => {
      const { standing, needsPermit, notForChildren, sources: from } = categoryRules[category];
      return { category, standing, needsPermit, notForChildren, checklist: checklistOf(category), sources: from };
    }),
  };
}
