import { halfHourMs, halfHourOf, instant, localTime, zonedInstant, type InstantMs } from '@gatecast/firmware-protocol';
import type { Placement, Segment } from '@gatecast/firmware-protocol/messages';
import { soldProducts, type SoldProduct } from '../inventory/products.ts';

/**
 * What is sold: `touches` is a guaranteed number of verified touches; `share` a part of the screen's touches, of which nothing is guaranteed in number;
 * `ten-people` reaches so many distinct residents who opted in, matched on the terminal, and stops.
 */
export const products = soldProducts;
export type Product = SoldProduct;

/** A local window on some days of the week, half-open. Over midnight where it ends no later than it begins; it belongs to the day on which it begins. */
export interface Daypart {
  /** 1 for Monday to 7 for Sunday. */
  readonly weekdays: readonly number[];
  readonly fromMinute: number;
  readonly toMinute: number;
}

/** Local days, both included: of each community its own, from its midnight to its midnight. */
export interface LocalDays {
  readonly firstDay: string;
  readonly lastDay: string;
}

/** When and where a line item may play. */
export interface Targeting {
  readonly from: InstantMs;
  readonly to: InstantMs;
  /** Within these moments, the days by the clocks of each community; none: the moments are those of all. */
  readonly days?: LocalDays | null | undefined;
  /** None: every half-hour. */
  readonly dayparts: readonly Daypart[];
  /** None: every placement. */
  readonly placements: readonly Placement[];
  readonly segment: Segment;
}

const mondayFirst = (weekday: number): number => (weekday === 0 ? 7 : weekday);
const dayBefore = (weekday: number): number => (weekday === 1 ? 7 : weekday - 1);

/** True if a local moment lies in the window. */
function lies({ weekdays, fromMinute, toMinute }: Daypart, weekday: number, minute: number): boolean {
  if (fromMinute < toMinute) return weekdays.includes(weekday) && minute >= fromMinute && minute < toMinute;
  if (weekdays.includes(weekday) && minute >= fromMinute) return true;
  return weekdays.includes(dayBefore(weekday)) && minute < toMinute;
}

/**
 * The half-hours of a span that a line item may play in, by the clocks on the wall of that zone: an hour that a zone skips is not there, one that it
 * repeats is there twice. Half-hours are whole: one that has begun before `from` or ends after `to` is none of it.
 */
export function halfHoursOf(
  { dayparts, ...when }: Pick<Targeting, 'from' | 'to' | 'days' | 'dayparts'>,
  zone: string,
): InstantMs[] {
  const found: InstantMs[] = [];
  const { from, to } = spanIn(when, zone);
  const first = halfHourOf(from) === from ? from : instant(halfHourOf(from) + halfHourMs);
  for (let at = first; at + halfHourMs <= to; at = instant(at + halfHourMs)) {
    if (dayparts.length === 0) found.push(at);
    else {
      const { weekday, minute } = localTime(at, zone);
      if (dayparts.some((daypart) => lies(daypart, mondayFirst(weekday), minute))) found.push(at);
    }
  }
  return found;
}

/** What of a line item's time is there in one zone. */
export function spanIn(
  { from, to, days }: Pick<Targeting, 'from' | 'to' | 'days'>,
  zone: string,
): Pick<Targeting, 'from' | 'to'> {
  if (!days) return { from, to };
  const local = spanOfDays(days.firstDay, days.lastDay, zone);
  return { from: local.from > from ? local.from : from, to: local.to < to ? local.to : to };
}

/** From the first moment at which it is one of these days in one of the zones to the last. There is at least one zone. */
export function spanOfZones({ firstDay, lastDay }: LocalDays, zones: Iterable<string>): Pick<Targeting, 'from' | 'to'> {
  const spans = Array.from(zones, (zone) => spanOfDays(firstDay, lastDay, zone));
  return {
    from: instant(Math.min(...spans.map(({ from }) => from))),
    to: instant(Math.max(...spans.map(({ to }) => to))),
  };
}

/** Local days, both included, as a half-open span. */
export function spanOfDays(firstDay: string, lastDay: string, zone: string): Pick<Targeting, 'from' | 'to'> {
  return { from: zonedInstant(firstDay, 0, zone), to: zonedInstant(daysLater(lastDay, 1), 0, zone) };
}

/** So many days on in the calendar. */
export const daysLater = (day: string, count: number): string =>
  new Date(Date.parse(`${day}T00:00:00Z`) + count * 86_400_000).toISOString().slice(0, 10);

export const plays = ({ placements }: Pick<Targeting, 'placements'>, at: Placement): boolean =>
  placements.length === 0 || placements.includes(at);
