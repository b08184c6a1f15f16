import { eq } from 'drizzle-orm';
import type { As } from '../platform/auth.ts';
import type { Tx } from '../platform/db/store.ts';
import type { Platform } from '../platform/platform.ts';
import { declinedBy } from './admission.ts';
import type { Category } from './categories.ts';

export interface DeclinedCategories {
  of(communityId: string): Promise<{ categories: Category[] }>;
  /** Replaces what the community declined; its screens follow at once. */
  set(who: As<'operator'>, communityId: string, categories: readonly Category[]): Promise<{ categories: Category[] }>;
  /** Runs in the transaction that changes what a community declines. */
  onChange(hook: (q: Tx, communityId: string) => Promise<void>): void;
}

export function createDeclinedCategories({ store, clock, audit }: Platform): DeclinedCategories {
  const hooks: ((q: Tx, communityId: string) => Promise<void>)[] = [];
  return {
    of: async (communityId) => ({ categories: await declinedBy(store.read, communityId) }),
    set: (who, communityId, categories) =>
      store.tx(async (q) => {
        const t = q.t.declinedCategories;
        const rows = [...new Set(categories)].map((category) => ({
          communityId,
          category,
          accountId: who.accountId,
          at: clock.now(),
        }));
        await q.delete(t).where(eq(t.communityId, communityId));
        await q.insertMany(t, rows);
        await audit(q, { who, action: 'community.decline-categories', subject: communityId, facts: { categories } });
        for (const hook of hooks) await hook(q, communityId);
        return { categories: await declinedBy(q, communityId) };
      }),
    onChange: (hook) => void hooks.push(hook),
  };
}
