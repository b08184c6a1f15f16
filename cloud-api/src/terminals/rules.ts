import { days, hours, milliseconds, minutes, type InstantMs } from '@gatecast/firmware-protocol';
import { presenceEveryMs, usualMediaTerms } from '@gatecast/firmware-protocol/messages';
import type { DocumentState, TerminalSettings } from './contract.ts';
import { doorDefault } from './door-rules.ts';

export const claimCodeLifeMs = minutes(60 * 24 * 7);
export const challengeLifeMs = minutes(1);
export const tokenLifeMs = minutes(60);
/** A terminal's old key is taken for so long after it has new ones, as it may have missed the answer. */
export const keyOverlapMs = hours(24);
/** A machine whose place another one took may hand in the rest of its journal for so long. */
export const handInMs = days(30);
/** Three presences missed: the terminal counts as away even if its will never came. */
export const silentAfterMs = milliseconds(3 * presenceEveryMs);

export const settingsDefault: TerminalSettings = {
  ...doorDefault,
  openMs: 5_000,
  // Clips are silent until a property wants to hear them, and at night in any case.
  quiet: { fromMinute: 20 * 60, toMinute: 8 * 60 },
  volumePercent: 0,
  screenProfile: 'B',
  brightnessPercent: 100,
  dimPercent: 60,
  media: usualMediaTerms,
};

export interface DocumentProgress {
  readonly desired: number;
  readonly applied: number | null;
  readonly appliedAt: InstantMs | null;
  readonly failed: number | null;
  readonly reason: string | null;
  readonly outcome: 'failed' | 'reverted' | null;
}

/** How a document stands on a terminal, in one word. */
export function documentState(progress: DocumentProgress | undefined): DocumentState {
  if (!progress) return { desired: null, applied: null, state: 'none', reason: null, appliedAt: null };
  const { desired, applied, appliedAt, failed, reason, outcome } = progress;
  if (applied === desired) return { desired, applied, state: 'applied', reason: null, appliedAt };
  if (failed !== desired) return { desired, applied, state: 'pending', reason: null, appliedAt };
  return { desired, applied, state: outcome ?? 'failed', reason, appliedAt };
}
