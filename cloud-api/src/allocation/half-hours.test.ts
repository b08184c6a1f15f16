import { halfHourMs, instant } from '@gatecast/firmware-protocol';
import { describe, expect, it } from 'vitest';
import { halfHoursOf, spanOfDays, type Daypart } from '../campaigns/line-item.ts';
import { halfHourAt, hasHalfHour, localDaysIn, scheduleFrom, type Horizon } from './half-hours.ts';
import { noCaps, type Demand, type Inventory } from './instance.ts';
import { makePlan } from './plan.ts';

const everyDay = [1, 2, 3, 4, 5, 6, 7];

/** A plan of one place in a zone, ten touches each half-hour, for one demand that wants all it may have in these windows. */
function planned(start: string, days: number, zone: string, dayparts: Daypart[], capTouches: number | null = null) {
  const horizon: Horizon = { start: instant(Date.parse(start)), count: days * 48 };
  const last = new Date(Date.parse(start) + (days - 1) * 86_400_000).toISOString().slice(0, 10);
  const inventory: Inventory = {
    halfHours: horizon.count,
    segments: 1,
    communities: 1,
    placeCommunity: Int32Array.of(0),
    supplyMilliTouches: new Int32Array(horizon.count).fill(10_000),
    offlinePpm: Int32Array.of(0),
    localDays: [localDaysIn(horizon, zone)],
    communityZone: Int32Array.of(0),
  };
  const span = spanOfDays(start.slice(0, 10), last, zone);
  const demand: Demand = {
    id: 'one',
    milliTouches: 1e9,
    weight: 1,
    places: Int32Array.of(0),
    scheduleOf: Int32Array.of(0),
    schedules: [scheduleFrom(horizon, halfHoursOf({ ...span, dayparts }, zone))],
    segments: 1,
    caps: capTouches === null ? noCaps : { dayMilliTouches: capTouches * 1_000, segmentDayMilliTouches: null },
  };
  const cells = makePlan(inventory, [demand]).cellsOf(0);
  return {
    starts: cells.map(({ halfHour }) => new Date(halfHourAt(horizon, halfHour)).toISOString().slice(0, 16)),
    touches: cells.reduce((sum, { entries }) => sum + (entries[0]?.milliTouches ?? 0), 0) / 1_000,
  };
}

describe('a plan from local windows', () => {
  it('plays over midnight where the window does', () => {
    const night = { weekdays: [1], fromMinute: 23 * 60, toMinute: 60 };
    // Monday the 23rd, eleven to one in the morning, by clocks eight hours ahead.
    expect(planned('2026-11-23T00:00Z', 3, 'Asia/Shanghai', [night]).starts).toEqual([
      '2026-11-23T15:00',
      '2026-11-23T15:30',
      '2026-11-23T16:00',
      '2026-11-23T16:30',
    ]);
  });

  it('has nothing in the hour that summer time skips and twice as much in the one that it repeats', () => {
    const small = { weekdays: everyDay, fromMinute: 120, toMinute: 180 };
    expect(planned('2026-03-29T00:00Z', 2, 'Europe/Berlin', [small]).touches).toBe(20);
    expect(planned('2026-10-25T00:00Z', 2, 'Europe/Berlin', [small]).starts).toEqual([
      '2026-10-25T00:00',
      '2026-10-25T00:30',
      '2026-10-25T01:00',
      '2026-10-25T01:30',
      '2026-10-26T01:00',
      '2026-10-26T01:30',
    ]);
  });

  it('caps by the local day, which has twenty-three hours or twenty-five where clocks change', () => {
    const daysFrom = (start: string) => {
      const days = localDaysIn({ start: instant(Date.parse(start)), count: 120 }, 'Europe/Berlin');
      return [0, 1].map((day) => days.filter((each) => each === day).length);
    };
    expect(daysFrom('2026-10-24T22:00Z')).toEqual([50, 48]);
    expect(daysFrom('2026-03-28T23:00Z')).toEqual([46, 48]);
    const all = { weekdays: everyDay, fromMinute: 0, toMinute: 0 };
    expect(planned('2026-10-25T00:00Z', 2, 'Europe/Berlin', [all], 100).touches).toBe(200);
  });

  it('knows the day that only leap years have', () => {
    const noon = { weekdays: everyDay, fromMinute: 720, toMinute: 750 };
    expect(planned('2028-02-28T00:00Z', 3, 'Asia/Shanghai', [noon]).starts).toEqual([
      '2028-02-28T04:00',
      '2028-02-29T04:00',
      '2028-03-01T04:00',
    ]);
  });
});

it('a schedule leaves out what lies outside the horizon or begins within a half-hour', () => {
  const horizon = { start: instant(0), count: 40 };
  const at = (n: number) => instant(n * halfHourMs);
  const schedule = scheduleFrom(horizon, [at(-1), at(0), instant(at(2) + 1), at(39), at(40)]);
  expect(Array.from({ length: 40 }, (_, n) => n).filter((n) => hasHalfHour(schedule, n))).toEqual([0, 39]);
});
