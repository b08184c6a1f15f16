import { halfHourOf, instant, type InstantMs } from '@gatecast/firmware-protocol';

/**
 * What is younger is whole. Begins with a month, so that 31 days of one are never taken for a month of another; at least the 13 months that rules on proof of
 * play ask for.
 */
export function keptWholeSince(now: InstantMs, months: number): InstantMs {
  const date = new Date(now);
  return halfHourOf(instant(Date.UTC(date.getUTCFullYear(), date.getUTCMonth() - months, 1)));
}
