import { days, instant, localTime, type InstantMs } from '@gatecast/firmware-protocol';
import type { Community } from '../communities/contract.ts';
import type { Reads } from '../platform/db/store.ts';
import type { Plays } from '../plays/service.ts';
import { expectedAudience } from './day-curve.ts';
import { forecastTouches, type CountedHalfHour } from './rules.ts';

/** Days of counts that a forecast looks back on. */
const lookBackMs = days(14);

/** Touches to expect at a community in the half-hour that begins at `at`. */
export type Forecast = (at: InstantMs) => number;

/** The forecast of a community from its profile and from what its screens have counted. */
export async function forecastFor(q: Reads, plays: Plays, community: Community, now: InstantMs): Promise<Forecast> {
  const halfHourOfDay = (at: InstantMs) => Math.floor(localTime(at, community.zone).minute / 30);
  const audience = expectedAudience(community);
  const counted = new Map<number, CountedHalfHour[]>();
  for (const row of await plays.counted(q, community.id, { from: instant(now - lookBackMs), to: now })) {
    const halfHour = halfHourOfDay(row.at);
    counted.set(halfHour, [...(counted.get(halfHour) ?? []), row]);
  }
  return (at) => {
    const halfHour = halfHourOfDay(at);
    return forecastTouches(audience[halfHour]?.milliTouches.all ?? 0, counted.get(halfHour) ?? []);
  };
}
