import { after, halfHourMs, localTime, zonedInstant, type InstantMs } from '@gatecast/firmware-protocol';
import { dateOf, dayNumber } from './day-kind.ts';

/** A day by the calendar of a zone. */
export interface LocalDay {
  readonly date: string;
  readonly from: InstantMs;
  readonly to: InstantMs;
  /** The n-th half-hour after midnight, and what the clock on the wall says then, 0 to 47. */
  readonly halfHours: readonly { readonly at: InstantMs; readonly halfHour: number }[];
}

export const nextDate = (date: string): string => dateOf(dayNumber(date) + 1);
export const localDateOf = (at: InstantMs, zone: string): string => localTime(at, zone).date;

/** 48 half-hours, but 46 or 50 where clocks are changed, and others where half an hour is changed. */
export function localDay(date: string, zone: string): LocalDay {
  const known = remembered.get(`${zone} ${date}`);
  if (known) return known;
  const from = zonedInstant(date, 0, zone);
  const to = zonedInstant(nextDate(date), 0, zone);
  const halfHours: { at: InstantMs; halfHour: number }[] = [];
  for (let at = from; at < to; at = after(at, halfHourMs))
    halfHours.push({ at, halfHour: Math.floor(localTime(at, zone).minute / 30) });
  const day = { date, from, to, halfHours };
  if (remembered.size >= rememberedMax) remembered.clear();
  remembered.set(`${zone} ${date}`, day);
  return day;
}

/** Thousands of communities share a zone, and asking the calendar costs more than the forecast. */
const remembered = new Map<string, LocalDay>();
const rememberedMax = 500;

/** The local days that hold any of a span. */
export function localDays(
  { from, to }: { readonly from: InstantMs; readonly to: InstantMs },
  zone: string,
): LocalDay[] {
  const days: LocalDay[] = [];
  for (let date = localDateOf(from, zone); ; date = nextDate(date)) {
    const day = localDay(date, zone);
    if (day.from >= to) return days;
    days.push(day);
  }
}
