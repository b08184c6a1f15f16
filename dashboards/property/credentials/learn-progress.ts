import type { CommandRecord } from '@gatecast/cloud-api/client';

/** How long a reader waits for a card once the terminal has the order (`learningWindowMs` of the protocol). */
export const learningWindowMs = 60_000;
/** What was read may take this long to come back from the door. */
const graceMs = 3_000;

/** Where the learning of a card stands. */
export type LearnProgress =
  | { readonly state: 'sending' }
  | { readonly state: 'waiting'; readonly until: number }
  | { readonly state: 'seen'; readonly last4: string }
  | { readonly state: 'nothing' }
  | { readonly state: 'not-sent' };

/** By the command as the cloud tells it; `now` is the cloud's time. */
export function learnProgressOf({ state, times, card }: CommandRecord, now: number): LearnProgress {
  if (card) return { state: 'seen', last4: card.last4 };
  if (state === 'EXPIRED' || state === 'REFUSED' || state === 'UNKNOWN') return { state: 'not-sent' };
  const began = times['EXECUTED'] ?? times['RECEIVED'];
  if (began === undefined) return { state: 'sending' };
  const until = began + learningWindowMs;
  return now < until + graceMs ? { state: 'waiting', until } : { state: 'nothing' };
}
