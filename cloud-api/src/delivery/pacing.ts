import { halfHourMs, type InstantMs } from '@gatecast/firmware-protocol';

/** Standard deviations of bad luck that a line item is insured against: what of it is still open is planned as if so much more were owed. */
const hedge = 1.5;
const touchMilli = 1_000;

/**
 * What is planned on top of what is owed, in milli-touches: 1.5 standard deviations of a Poisson count of whole touches, rounded down. It makes up for hours in
 * which fewer come than expected, shrinks with what is left, and is what can be delivered too much at most on average.
 */
export const hedgeMilli = (owedMilli: number): number =>
  owedMilli <= 0 ? 0 : Math.floor(hedge * Math.sqrt(owedMilli / touchMilli) * touchMilli);

export interface Standing {
  readonly boughtMilli: number;
  /** Verified, of half-hours that are closed. */
  readonly deliveredMilli: number;
  /** Planned where nothing is known yet and nothing can be planned any more: half-hours that are over or running, and screens that are away. */
  readonly committedMilli: number;
}

/** What is still to be planned of a line item, with its hedge; 0 once all of it is delivered or on its way. */
export function residualMilli({ boughtMilli, deliveredMilli, committedMilli }: Standing): number {
  const owed = boughtMilli - deliveredMilli - committedMilli;
  return owed <= 0 ? 0 : owed + hedgeMilli(owed);
}

/** What of a half-hour's plan should have been delivered by now: none of what has not begun, all of what is over. */
export function dueMilli(plannedMilli: number, at: InstantMs, now: InstantMs): number {
  const passed = Math.min(halfHourMs, Math.max(0, now - at));
  return Math.floor((plannedMilli * passed) / halfHourMs);
}
