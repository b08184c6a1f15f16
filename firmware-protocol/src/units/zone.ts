import { halfHourMs, instant, type InstantMs } from './time.ts';

/** A wall clock reading in some IANA zone. `weekday` is 0 for Sunday. */
export interface LocalTime {
  /** `2026-11-22` */
  readonly date: string;
  readonly weekday: number;
  /** Minutes since local midnight, 0 to 1439. */
  readonly minute: number;
}

const formats = new Map<string, Intl.DateTimeFormat>();
const formatsMax = 64;

function formatOf(zone: string): Intl.DateTimeFormat {
  const known = formats.get(zone);
  if (known) return known;
  if (formats.size >= formatsMax) formats.clear();
  const made = new Intl.DateTimeFormat('en-CA', {
    timeZone: zone,
    hourCycle: 'h23',
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
    hour: '2-digit',
    minute: '2-digit',
  });
  formats.set(zone, made);
  return made;
}

/** True if this machine's time zone database knows the name. */
export function isZone(zone: string): boolean {
  try {
    formatOf(zone);
    return true;
  } catch {
    return false;
  }
}

const dayMs = 86_400_000;
const halfHourMinutes = 30;

/**
 * True if the clocks of a zone stand at a half-hour whenever those of UTC do, all year from `from` on. Nepal (+05:45) and the Chatham Islands (+12:45) are a
 * quarter of an hour off. A year sees every rule of summer time.
 */
export function keepsHalfHours(zone: string, from: InstantMs): boolean {
  const first = from - (from % halfHourMs);
  for (let day = 0; day <= 366; day += 1)
    if (readClock(instant(first + day * dayMs), zone).minute % halfHourMinutes !== 0) return false;
  return true;
}

/** Readings of half-hours, which are asked for by the million; nine weeks of a few zones. */
const readings = new Map<string, Map<InstantMs, LocalTime>>();
const readingsMax = 4_096;
const zonesReadMax = 8;

/** What a clock on the wall shows in `zone`. Throws RangeError for an unknown zone. */
export function localTime(at: InstantMs, zone: string): LocalTime {
  if (at % halfHourMs !== 0) return readClock(at, zone);
  const known = readings.get(zone) ?? new Map<InstantMs, LocalTime>();
  const reading = known.get(at) ?? readClock(at, zone);
  if (known.size >= readingsMax) known.clear();
  if (readings.size >= zonesReadMax && !readings.has(zone)) readings.clear();
  known.set(at, reading);
  readings.set(zone, known);
  return reading;
}

function readClock(at: InstantMs, zone: string): LocalTime {
  const part: Record<string, string> = {};
  for (const { type, value } of formatOf(zone).formatToParts(at)) part[type] = value;
  const date = `${part['year']}-${part['month']}-${part['day']}`;
  return {
    date,
    weekday: new Date(`${date}T00:00:00Z`).getUTCDay(),
    minute: Number(part['hour']) * 60 + Number(part['minute']),
  };
}

/**
 * The moment at which a clock in `zone` shows `date` and `minute`.
 * A reading that a change to summer time skips gives the moment just after the gap; one that happens twice gives the first.
 */
export function zonedInstant(date: string, minute: number, zone: string): InstantMs {
  const asUtc = Date.parse(`${date}T00:00:00Z`) + minute * 60_000;
  const offsetAt = (at: number) => {
    const local = localTime(instant(at), zone);
    return Date.parse(`${local.date}T00:00:00Z`) + local.minute * 60_000 - (at - (at % 60_000));
  };
  const early = asUtc - Math.max(offsetAt(asUtc - 86_400_000), offsetAt(asUtc + 86_400_000));
  const late = asUtc - Math.min(offsetAt(asUtc - 86_400_000), offsetAt(asUtc + 86_400_000));
  return instant(early + offsetAt(early) === asUtc ? early : late);
}

/** True if `minute` lies in the half-open daily window; a window may run over midnight, and equal ends are an empty one. */
export function inDailyWindow(
  minute: number,
  window: { readonly fromMinute: number; readonly toMinute: number },
): boolean {
  const { fromMinute, toMinute } = window;
  return fromMinute <= toMinute ? minute >= fromMinute && minute < toMinute : minute >= fromMinute || minute < toMinute;
}
