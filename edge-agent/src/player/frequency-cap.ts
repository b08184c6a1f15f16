import { elapsed, type InstantMs } from '@gatecast/firmware-protocol';
import type { PlanEntry } from '@gatecast/firmware-protocol/messages';
import type { PlanState } from './plan-state.ts';
import { forgetEnded, forgetUnconsented } from './reached-people.ts';

/** One play to somebody who opted in. It is forgotten when its window is over, when nobody saw it, or when the consent ends. */
export interface Sighting {
  readonly decision: string;
  /** Pseudonym, as the access list gives it; it means nothing outside this terminal's player. */
  readonly pseudonym: string;
  readonly campaign: string;
  readonly at: InstantMs;
  /** Length of the window that it counts in. */
  readonly windowMs: number;
}

/** Enough for a neighbourhood in which a tenth opted in; beyond it capped clips rest, because a cap that forgets is none. */
export const sightingsMax = 2_000;

/**
 * Whether a clip with a cap may not be shown to this person now. Who is not known has no cap: nobody is counted without consent.
 * A sighting that a clock set back has put into the future counts as one of now.
 */
export function isCapped(
  { campaign, cap }: Pick<PlanEntry, 'campaign' | 'cap'>,
  sightings: readonly Sighting[],
  pseudonym: string | null,
  now: InstantMs,
): boolean {
  if (!cap || pseudonym === null) return false;
  const running = runningSightings(sightings, now);
  if (running.length >= sightingsMax) return true;
  const seen = running.filter(
    (s) => s.pseudonym === pseudonym && s.campaign === campaign && Math.abs(elapsed(s.at, now)) < cap.windowMs,
  );
  return seen.length >= cap.plays;
}

/** Sightings whose window still runs; the same array if all do. */
export function runningSightings(sightings: readonly Sighting[], now: InstantMs): readonly Sighting[] {
  const running = sightings.filter((s) => Math.abs(elapsed(s.at, now)) < s.windowMs);
  return running.length === sightings.length ? sightings : running;
}

/** The state without sightings whose window is over and line items that have ended; the same state if there were none. */
export function forgetPast(state: PlanState, now: InstantMs): PlanState {
  const sightings = runningSightings(state.sightings, now);
  const reached = forgetEnded(state.reached, now);
  return sightings === state.sightings && reached === state.reached ? state : { ...state, sightings, reached };
}

/** The state without anything of those who are not, or no longer, opted in. The same state if there was nothing. */
export function forgetOthers(state: PlanState, optedIn: ReadonlySet<string>): PlanState {
  const sightings = state.sightings.filter((s) => optedIn.has(s.pseudonym));
  const reached = forgetUnconsented(state.reached, optedIn);
  const isSame = sightings.length === state.sightings.length && reached === state.reached;
  return isSame ? state : { ...state, sightings, reached };
}
