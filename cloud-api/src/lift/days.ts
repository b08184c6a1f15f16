import { halfHourMs, localTime, type InstantMs } from '@gatecast/firmware-protocol';
import { halfHoursOf, type Targeting } from '../campaigns/line-item.ts';
import type { CommunityDay } from './estimate.ts';
import { isHeldOut } from './holdouts.ts';

/** A line item as far as days are concerned. */
export interface RunningItem extends Pick<Targeting, 'from' | 'to' | 'days' | 'dayparts'> {
  readonly communityIds: readonly string[];
  readonly holdoutPpm: number;
}

export interface DrawnDay extends CommunityDay {
  readonly communityId: string;
  /** Local, `2026-11-23`. */
  readonly day: string;
}

/** More days are not read: the newest of them count. */
export const drawnDaysMax = 20_000;

/**
 * The days on which a campaign was to run and that are over, community by community, with what was drawn for each: whether it ran then does not matter, or the
 * comparison would be of days that somebody chose. On one day of one community the largest holdout of its line items counts.
 */
export function drawnDays(
  items: readonly RunningItem[],
  zoneOf: (communityId: string) => string | undefined,
  key: string,
  now: InstantMs,
): DrawnDay[] {
  const found = new Map<string, { communityId: string; day: string; weekday: number; ppm: number }>();
  for (const item of items) {
    const byZone = new Map<string, ReadonlyMap<string, number>>();
    for (const communityId of item.communityIds) {
      const zone = zoneOf(communityId);
      if (zone === undefined) continue;
      const days = byZone.get(zone) ?? overDays(item, zone, now);
      byZone.set(zone, days);
      for (const [day, weekday] of days) {
        const name = `${communityId}|${day}`;
        const ppm = Math.max(found.get(name)?.ppm ?? 0, item.holdoutPpm);
        found.set(name, { communityId, day, weekday, ppm });
      }
    }
  }
  return [...found.values()]
    .filter(({ ppm }) => ppm > 0)
    .sort((a, b) => (a.day === b.day ? (a.communityId < b.communityId ? -1 : 1) : a.day < b.day ? -1 : 1))
    .slice(-drawnDaysMax)
    .map(({ communityId, day, weekday, ppm }) => ({
      communityId,
      day,
      weekday,
      stratum: `${communityId}|${ppm}`,
      isHeldOut: isHeldOut(key, { communityId, day }, ppm),
    }));
}

/** Local days that a line item touches and that are over, with their weekday. */
function overDays(
  item: Pick<Targeting, 'from' | 'to' | 'days' | 'dayparts'>,
  zone: string,
  now: InstantMs,
): Map<string, number> {
  const today = localTime(now, zone).date;
  const days = new Map<string, number>();
  for (const at of halfHoursOf(wholeHalfHours(item, now), zone)) {
    const { date, weekday } = localTime(at, zone);
    if (date < today) days.set(date, weekday);
  }
  return days;
}

/** Of what is still to come nothing is needed. */
const wholeHalfHours = <T extends Pick<Targeting, 'from' | 'to'>>(item: T, now: InstantMs): T =>
  item.to <= now + halfHourMs ? item : { ...item, to: now };
