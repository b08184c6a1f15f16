import type { InstantMs } from '@gatecast/firmware-protocol';
import { dateOf, dayNumber } from '../audience/day-kind.ts';
import { localDateOf, localDay } from '../audience/local-day.ts';
import { halfHoursPerDay } from './week-cells.ts';

/** Weeks are named by their Mondays; 1970-01-01 was a Thursday. */
export const mondayOf = (date: string): string => dateOf(dayNumber(date) - ((((dayNumber(date) + 3) % 7) + 7) % 7));
export const weeksLater = (monday: string, count: number): string => dateOf(dayNumber(monday) + 7 * count);
const weekdayOf = (date: string): number => dayNumber(date) - dayNumber(mondayOf(date)) + 1;

/** A community's week: from its Monday's midnight to the next one's, and which half-hour of the week a moment is by the clocks there. */
export interface LocalWeek {
  readonly from: InstantMs;
  readonly to: InstantMs;
  readonly halfHourOf: ReadonlyMap<InstantMs, number>;
}

export function localWeek(monday: string, zone: string): LocalWeek {
  const days = Array.from({ length: 7 }, (_, n) => localDay(dateOf(dayNumber(monday) + n), zone));
  const halfHourOf = new Map(
    days.flatMap(({ halfHours }, n) =>
      halfHours.map(({ at, halfHour }) => [at, n * halfHoursPerDay + halfHour] as const),
    ),
  );
  const [first, last] = [days[0], days[6]];
  if (!first || !last) throw new RangeError('a week has seven days');
  return { from: first.from, to: last.to, halfHourOf };
}

/** Weeks whose sums still change: this one, the next, and the one before as long as late reports of it may come. */
export function weeksToSum(now: InstantMs, zone: string): string[] {
  const today = localDateOf(now, zone);
  const monday = mondayOf(today);
  const open = [monday, weeksLater(monday, 1)];
  return weekdayOf(today) <= lateReportDays ? [weeksLater(monday, -1), ...open] : open;
}

const lateReportDays = 3;
