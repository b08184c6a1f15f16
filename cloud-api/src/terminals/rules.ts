import { after, milliseconds, minutes, seconds, type InstantMs } from '@gatecast/firmware-protocol';
import { commandLifeMs, presenceEveryMs, type CommandState } from '@gatecast/firmware-protocol/messages';
import type { DocumentState, TerminalSettings } from './contract.ts';
import { doorDefault } from './door-rules.ts';

export const claimCodeLifeMs = minutes(60 * 24 * 7);
export const challengeLifeMs = minutes(1);
export const tokenLifeMs = minutes(60);
/** Three presences missed: the terminal counts as away even if its will never came. */
export const silentAfterMs = milliseconds(3 * presenceEveryMs);

export const settingsDefault: TerminalSettings = {
  ...doorDefault,
  openMs: 5_000,
  quiet: { fromMinute: 22 * 60, toMinute: 7 * 60 },
  volumePercent: 60,
};

/** What may follow each state. The terminal's word, late as it may come, beats our own EXPIRED. */
export const commandTransitions: Readonly<Record<CommandState, readonly CommandState[]>> = {
  QUEUED: ['SENT', 'RECEIVED', 'EXECUTED', 'EXPIRED', 'REFUSED', 'UNKNOWN'],
  SENT: ['RECEIVED', 'EXECUTED', 'EXPIRED', 'REFUSED', 'UNKNOWN'],
  RECEIVED: ['EXECUTED', 'EXPIRED', 'REFUSED', 'UNKNOWN'],
  EXPIRED: ['RECEIVED', 'EXECUTED', 'REFUSED', 'UNKNOWN'],
  EXECUTED: [],
  REFUSED: [],
  UNKNOWN: [],
};

/** States from which `to` can be reached. */
export const statesBefore = (to: CommandState): CommandState[] =>
  (Object.keys(commandTransitions) as CommandState[]).filter((from) => commandTransitions[from].includes(to));

/** An unanswered command is given up this long after its end, so that a report on its way still wins. */
export const commandGraceMs = seconds(5);
export const commandEnd = (now: InstantMs): InstantMs => after(now, milliseconds(commandLifeMs));

/** The last reading of a terminal's monotonic clock, and how long ago it came. */
export interface MonoReading {
  readonly monoMs: number;
  readonly ageMs: number;
}

/**
 * The deadline of a command on the terminal's own clock. The time that the reading was on its way makes the deadline earlier,
 * never later; an age that cannot be (the wall clock was moved) counts as none.
 */
export function deadlineMono({ monoMs, ageMs }: MonoReading): number {
  const plausible = ageMs >= 0 && ageMs <= silentAfterMs;
  return Math.floor(monoMs + (plausible ? ageMs : 0) + commandLifeMs);
}

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
