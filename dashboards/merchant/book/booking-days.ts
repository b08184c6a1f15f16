import { instant, localTime } from '../../kit/zone.ts';

/** How far ahead slots are sold: a plan on a terminal holds seven days. */
const daysAhead = 7;
const dayMs = 24 * 3_600_000;

/** A day as a calendar's leaf shows it: `周二` and `11月24日`, `Tue` and `Nov 24`. */
export function dayLeaf(date: string, locale: string): { readonly weekday: string; readonly day: string } {
  const at = Date.parse(`${date}T00:00:00Z`);
  const written = (options: Intl.DateTimeFormatOptions): string =>
    new Intl.DateTimeFormat(locale, { ...options, timeZone: 'UTC' }).format(at);
  return { weekday: written({ weekday: 'short' }), day: written({ month: 'short', day: 'numeric' }) };
}

/** The days that can be booked, `2026-11-22`, today first, by the clock at the door. */
export function bookingDays(now: number, zone: string): readonly string[] {
  const today = Date.parse(`${localTime(instant(now), zone).date}T00:00:00Z`);
  return Array.from({ length: daysAhead }, (_, day) => new Date(today + day * dayMs).toISOString().slice(0, 10));
}
