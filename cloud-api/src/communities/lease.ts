import { after, days, instant, localTime, zonedInstant, type InstantMs } from '@gatecast/firmware-protocol';

/**
 * The moment at which a lease is over: the local midnight after its last day, so that somebody may come home late that evening. Where a change
 * to summer time leaves out midnight, the first moment of the next day.
 */
export function leaseEnd(leaseEndsOn: string, zone: string): InstantMs {
  const nextDay = new Date(after(instant(Date.parse(`${leaseEndsOn}T00:00:00Z`)), days(1))).toISOString().slice(0, 10);
  return zonedInstant(nextDay, 0, zone);
}

/** The day that the community's calendar shows. */
export const today = (now: InstantMs, zone: string): string => localTime(now, zone).date;

/** Whether a lease that ended on that day is over. */
export const isLeaseOver = (leaseEndsOn: string | null, now: InstantMs, zone: string): boolean =>
  leaseEndsOn !== null && leaseEndsOn < today(now, zone);
