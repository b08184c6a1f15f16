import { compareVersions, type UpdateFault } from '@gatecast/firmware-protocol/messages';
import type { BootState, Outcome, Trial } from './boot-state.ts';
import { otherSlot, type Slot } from './slots.ts';

/** Starts that a release on trial is given: a power cut, or a flaw of the moment, is not yet a verdict. */
export const trialStartsMax = 3;

export interface Boot {
  readonly slot: Slot;
  readonly isTrial: boolean;
}

/**
 * What to start, and the state to write before. `whole`: the slots whose files are all there and as they were. Null: neither is, and somebody has to
 * come with a new install.
 */
export function nextBoot(
  state: BootState,
  whole: ReadonlySet<Slot>,
): { readonly state: BootState; readonly boot: Boot | null } {
  const { trial, active } = state;
  if (trial) {
    const fault = trial.fault ?? faultOf(trial, whole);
    if (fault) return nextBoot(returned(state, fault), whole);
    const tried: BootState = { ...state, trial: { ...trial, attempts: trial.attempts + 1 } };
    return { state: tried, boot: { slot: trial.slot, isTrial: true } };
  }
  if (whole.has(active)) return { state, boot: { slot: active, isTrial: false } };
  const other = otherSlot(active);
  // A release that once worked beats a door without its agent, whatever its version.
  return whole.has(other)
    ? { state: { ...state, active: other }, boot: { slot: other, isTrial: false } }
    : { state, boot: null };
}

function faultOf({ slot, attempts }: Trial, whole: ReadonlySet<Slot>): UpdateFault | undefined {
  if (!whole.has(slot)) return 'slot-damaged';
  return attempts >= trialStartsMax ? 'crashed' : undefined;
}

/** The release on trial is given up: what ran before runs again, and the cloud will hear why. */
export function returned(state: BootState, reason: UpdateFault): BootState {
  const { trial } = state;
  return trial ? { ...state, trial: null, outcome: ended(trial.document, 'failed', reason) } : state;
}

/** The release on trial is healthy: it runs from now on, and nothing older is taken any more. */
export function committed(state: BootState): BootState {
  const { trial, floor } = state;
  if (!trial) return state;
  return {
    ...state,
    active: trial.slot,
    floor: higher(floor, trial.version),
    trial: null,
    outcome: ended(trial.document, 'applied', null),
  };
}

/** A start that an orderly stop cut short does not count. */
export const startTakenBack = (state: BootState): BootState =>
  state.trial ? { ...state, trial: { ...state.trial, attempts: Math.max(0, state.trial.attempts - 1) } } : state;

export const ended = (document: number, state: Outcome['state'], reason: UpdateFault | null): Outcome => ({
  document,
  state,
  reason,
  told: false,
});

export const higher = (floor: string | null, version: string): string =>
  floor !== null && compareVersions(floor, version) > 0 ? floor : version;
