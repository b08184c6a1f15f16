import { halfHourMs, instant, localTime, type InstantMs } from '@gatecast/firmware-protocol';
import { wordsOf } from './instance.ts';

/** The half-hours that are planned together: `count` of them from `start`, which is the start of one. */
export interface Horizon {
  readonly start: InstantMs;
  readonly count: number;
}

/** The start of a half-hour of the horizon. */
export const halfHourAt = ({ start }: Horizon, halfHour: number): InstantMs => instant(start + halfHour * halfHourMs);

/** Which half-hour of the horizon starts at `at`; -1 for one outside. */
export function halfHourIndex({ start, count }: Horizon, at: InstantMs): number {
  const n = (at - start) / halfHourMs;
  return Number.isInteger(n) && n >= 0 && n < count ? n : -1;
}

/**
 * The set of half-hours that begin at these moments, as a demand wants it; what lies outside the horizon is left out.
 * `halfHoursOf` of the campaigns slice makes such moments from local windows, over midnight and through changes to summer time.
 */
export function scheduleFrom(horizon: Horizon, starts: Iterable<InstantMs>): Uint32Array {
  const bits = new Uint32Array(wordsOf(horizon.count));
  for (const at of starts) {
    const n = halfHourIndex(horizon, at);
    if (n >= 0) addHalfHour(bits, n);
  }
  return bits;
}

export function addHalfHour(schedule: Uint32Array, halfHour: number): void {
  schedule[halfHour >> 5] = (schedule[halfHour >> 5] ?? 0) | (1 << (halfHour & 31));
}

export const hasHalfHour = (schedule: Uint32Array, halfHour: number): boolean =>
  (((schedule[halfHour >> 5] ?? 0) >>> (halfHour & 31)) & 1) === 1;

/** Calls `visit` for each half-hour of the set, in order. */
export function eachHalfHour(schedule: Uint32Array, visit: (halfHour: number) => void): void {
  for (let word = 0; word < schedule.length; word += 1)
    for (let left = schedule[word] ?? 0; left !== 0; left &= left - 1) visit(word * 32 + 31 - Math.clz32(left & -left));
}

/** The local day of each half-hour in a zone, counted from 0 for that of the first: what caps count by. */
export function localDaysIn(horizon: Horizon, zone: string): Int32Array {
  const dates = new Map<string, number>();
  return Int32Array.from({ length: horizon.count }, (_, n) => {
    const { date } = localTime(halfHourAt(horizon, n), zone);
    const day = dates.get(date) ?? dates.size;
    dates.set(date, day);
    return day;
  });
}
