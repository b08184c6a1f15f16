import { halfHourMs, instant, localTime, type InstantMs } from '@gatecast/firmware-protocol';
import type { z } from 'zod';
import type { quoteRequest } from './contract.ts';
import { daysLater, halfHoursOf, spanOfZones, type LocalDays, type Targeting } from './line-item.ts';

/** What somebody would like to have, with moments for its days. `days` are none where only moments were said. */
export type Wish = Omit<z.output<typeof quoteRequest>, 'firstDay' | 'lastDay'> &
  Pick<Targeting, 'from' | 'to'> & { readonly days: LocalDays | null };

/** The zone of each community that is asked for. */
export type ZoneOf = (communityId: string) => string;

export type Unwishable = 'invalid-request' | 'slot-past' | 'slot-too-far' | 'line-item-too-large';

/** Half-hours of communities that one line item may name: 500 communities for a week of evenings, or forty for sixty whole days. */
export const halfHoursNamedMax = 120_000;

/** True if the communities and half-hours of a wish are few enough to be looked at one by one. */
export function isSmallEnough(wish: Pick<Wish, 'communityIds' | 'from' | 'to' | 'days' | 'dayparts'>, zoneOf: ZoneOf) {
  let named = 0;
  for (const [zone, there] of Map.groupBy(wish.communityIds, zoneOf))
    named += there.length * halfHoursOf(wish, zone).length;
  return named <= halfHoursNamedMax;
}

/** How far ahead anything is sold. */
export const soldAheadMs = 60 * 86_400_000;

/** The wish with moments, from where its days begin first to where they end last. `to` is never past what is sold ahead. */
export function readWish(
  { firstDay, lastDay, ...rest }: z.output<typeof quoteRequest>,
  zoneOf: ZoneOf,
  now: InstantMs,
): Wish | Unwishable {
  if (!isDay(firstDay) || !isDay(lastDay) || lastDay < firstDay) return 'invalid-request';
  const days = { firstDay, lastDay };
  const { from, to } = spanOfZones(days, new Set(rest.communityIds.map(zoneOf)));
  if (to <= now) return 'slot-past';
  if (from > now + soldAheadMs) return 'slot-too-far';
  const wish = { ...rest, days, from, to: instant(Math.min(to, now + soldAheadMs)) };
  return isSmallEnough(wish, zoneOf) ? wish : 'line-item-too-large';
}

/** The wish with the days as moments in all zones of its communities, which may have become others. */
export function inItsZones(wish: Wish, zoneOf: ZoneOf, now: InstantMs): Wish {
  if (!wish.days) return wish;
  const { from, to } = spanOfZones(wish.days, new Set(wish.communityIds.map(zoneOf)));
  return { ...wish, from, to: instant(Math.min(to, now + soldAheadMs)) };
}

const isDay = (date: string): boolean => {
  const midnight = Date.parse(`${date}T00:00:00Z`);
  return !Number.isNaN(midnight) && localTime(instant(midnight), 'UTC').date === date;
};

/** One half-hour of one community: the shorthand of a line item. */
export const onlyHalfHour = (communityId: string, at: InstantMs, touches: number): Wish => ({
  communityIds: [communityId],
  from: at,
  to: instant(at + halfHourMs),
  days: null,
  dayparts: [],
  placements: [],
  segment: 'all',
  product: 'touches',
  touches,
  dayCapTouches: null,
  holdoutPpm: 0,
});

/** A wider wish of each kind, step by step; no step for what is as wide as it can be. */
export function widerHours(wish: Wish): Wish[] {
  if (wish.dayparts.length === 0) return [];
  const by = (minutes: number): Wish => ({
    ...wish,
    dayparts: wish.dayparts.map((one) => ({
      ...one,
      fromMinute: (one.fromMinute - minutes + minutesPerDay) % minutesPerDay,
      toMinute: (one.toMinute + minutes) % minutesPerDay,
    })),
  });
  // So wide that the window would meet itself: all day.
  const room = Math.min(...wish.dayparts.map((one) => minutesPerDay - lengthOf(one)));
  return [...[30, 60, 120, 180].filter((minutes) => 2 * minutes < room).map(by), { ...wish, dayparts: [] }];
}
const minutesPerDay = 1_440;

const lengthOf = ({ fromMinute, toMinute }: Wish['dayparts'][number]): number =>
  ((toMinute - fromMinute + minutesPerDay - 1) % minutesPerDay) + 1;

const daysMore = [1, 3, 7, 14, 28];
const dayMs = 86_400_000;

/** Later ends, in the days of each community; `now` bounds how far ahead anything is sold. */
export function widerDays(wish: Wish, zoneOf: ZoneOf, now: InstantMs): Wish[] {
  const last = now + soldAheadMs;
  const steps = daysMore.map((more): Wish => {
    if (!wish.days) return { ...wish, to: instant(Math.min(wish.to + more * dayMs, last)) };
    const days = { ...wish.days, lastDay: daysLater(wish.days.lastDay, more) };
    return inItsZones({ ...wish, days }, zoneOf, now);
  });
  return steps.filter(({ to }, n) => to > (steps[n - 1] ?? wish).to);
}

const communitiesMore = [1, 2, 4, 8, 16, 32];

/** More communities, in the order in which they are offered. */
export function widerCommunities(wish: Wish, others: readonly string[]): Wish[] {
  const more = others.filter((id) => !wish.communityIds.includes(id));
  const steps = communitiesMore.map((count) => Math.min(count, more.length)).filter((count) => count > 0);
  return [...new Set(steps)].map((count) => ({
    ...wish,
    communityIds: [...wish.communityIds, ...more.slice(0, count)],
  }));
}

export const widerPlacements = (wish: Wish): Wish[] =>
  wish.placements.length === 0 || wish.placements.length === 3 ? [] : [{ ...wish, placements: [] }];
