import type { Tx } from '../platform/db/store.ts';
import type { Platform } from '../platform/platform.ts';
import type { OfferRow } from './offer-store.ts';

type DifferHook = (q: Tx, offer: { readonly communityId: string; readonly model: string }) => Promise<void>;

/** Somebody sits between a terminal and the cloud: its screen shows other digits than the console. */
export interface DigitsAlarm {
  /** Runs in the transaction in which it is noticed. */
  onRaised(hook: DifferHook): void;
  /** `by`: the terminal says so itself, signed by its key, or whoever stands before it does. */
  raise(q: Tx, offer: OfferRow, by: 'terminal' | 'person'): Promise<void>;
}

export function createDigitsAlarm({ events }: Pick<Platform, 'events'>): DigitsAlarm {
  const hooks: DifferHook[] = [];
  return {
    onRaised: (hook) => void hooks.push(hook),
    async raise(q, { id, model, companyId, communityId }, by) {
      if (companyId === null || communityId === null) return;
      const facts = { alarm: 'terminal-digits-differ', model, by };
      await events.emit(q, { type: 'alarm', subject: id, facts, companyId, communityId });
      for (const hook of hooks) await hook(q, { communityId, model });
    },
  };
}
