import type { DayGroup } from './day-curve.ts';
import { builtInCalendar, type HolidayCalendar } from './holiday-calendar.ts';

/** ISO weekday of an ordinary day, 1 is Monday; 8: a holiday; 9: a Saturday or Sunday that is worked. */
export type DayKind = 1 | 2 | 3 | 4 | 5 | 6 | 7 | 8 | 9;
export const dayKinds: readonly DayKind[] = [1, 2, 3, 4, 5, 6, 7, 8, 9];
export const holiday: DayKind = 8;
const workedWeekend: DayKind = 9;

/** Zones whose people rest by the calendar of mainland China. */
export const zonesCn: ReadonlySet<string> = new Set([
  'Asia/Shanghai',
  'Asia/Urumqi',
  'Asia/Chongqing',
  'Asia/Harbin',
  'Asia/Kashgar',
  'PRC',
]);

/** Which kind of day a local date is there. `own`: holidays that the community has set. */
export function dayKindOf(
  date: string,
  zone: string,
  own: ReadonlySet<string>,
  calendar: HolidayCalendar = builtInCalendar,
): DayKind {
  if (own.has(date)) return holiday;
  if (zonesCn.has(zone)) {
    if (calendar.rest.has(date)) return holiday;
    if (calendar.worked.has(date)) return workedWeekend;
  }
  const sundayIsZero = new Date(`${date}T00:00:00Z`).getUTCDay();
  return (sundayIsZero === 0 ? 7 : sundayIsZero) as DayKind;
}

export const groupOf = (kind: DayKind): DayGroup => (kind <= 5 || kind === workedWeekend ? 'work' : 'rest');

/** Days since 1970-01-01 of a calendar date, and back. */
export const dayNumber = (date: string): number => Date.parse(`${date}T00:00:00Z`) / 86_400_000;
export const dateOf = (day: number): string => new Date(day * 86_400_000).toISOString().slice(0, 10);
