import { zonedInstant } from '@gatecast/firmware-protocol';
import { describe, expect, it } from 'vitest';
import { isInHours, type AccessHours } from './access-hours.ts';

type Window = AccessHours['schedules'][number]['windows'][number];

const everyDay = [1, 2, 3, 4, 5, 6, 7];
const window = (days: number[], from: string, to: string, entrances: string[] | null = null): Window => ({
  days,
  window: { fromMinute: minuteOf(from), toMinute: minuteOf(to) },
  entrances,
});
const minuteOf = (time: string) => {
  const [hours = 0, minutes = 0] = time.split(':').map(Number);
  return hours * 60 + minutes;
};
/** True for somebody who comes at `2026-11-23 07:30` of the zone's clocks. */
const comes = (
  windows: Window[],
  at: string,
  { zone = 'Asia/Shanghai', holidays = [] as string[], entrance = 'gate' } = {},
) => {
  const [date = '', time = ''] = at.split(' ');
  const hours = { zone, schedules: [{ windows }], holidays: new Set(holidays) };
  return isInHours(hours, 0, entrance, zonedInstant(date, minuteOf(time), zone));
};

describe('access hours', () => {
  const cleaner = [window([1, 3, 5], '07:00', '09:30')];

  it('are those of the weekday, half-open', () => {
    // 2026-11-23 is a Monday.
    expect(comes(cleaner, '2026-11-23 06:59')).toBe(false);
    expect(comes(cleaner, '2026-11-23 07:00')).toBe(true);
    expect(comes(cleaner, '2026-11-23 09:29')).toBe(true);
    expect(comes(cleaner, '2026-11-23 09:30')).toBe(false);
    expect(comes(cleaner, '2026-11-24 08:00')).toBe(false);
    expect(comes([window([7], '07:00', '09:30')], '2026-11-22 08:00')).toBe(true);
  });

  it('of a holiday are only those that are for holidays', () => {
    const holidays = ['2026-11-23'];
    expect(comes(cleaner, '2026-11-23 08:00', { holidays })).toBe(false);
    const onHolidays = [...cleaner, window([8], '10:00', '11:00')];
    expect(comes(onHolidays, '2026-11-23 10:30', { holidays })).toBe(true);
    expect(comes(onHolidays, '2026-11-23 10:30')).toBe(false);
  });

  it('over midnight belong to the day they begin on', () => {
    const nightShift = [window([5], '22:00', '06:00')];
    expect(comes(nightShift, '2026-11-27 22:00')).toBe(true);
    expect(comes(nightShift, '2026-11-28 05:59')).toBe(true);
    expect(comes(nightShift, '2026-11-28 06:00')).toBe(false);
    expect(comes(nightShift, '2026-11-27 05:00')).toBe(false);
    expect(comes(nightShift, '2026-11-28 22:00')).toBe(false);
    expect(comes([window([7], '22:00', '06:00')], '2026-11-23 03:00')).toBe(true);
    // The eve is a holiday and the morning after is none, and the other way round.
    expect(comes(nightShift, '2026-11-28 03:00', { holidays: ['2026-11-27'] })).toBe(false);
    expect(comes(nightShift, '2026-11-28 03:00', { holidays: ['2026-11-28'] })).toBe(true);
  });

  it('are those of the entrance', () => {
    const delivery = [window(everyDay, '08:00', '20:00', ['gate'])];
    expect(comes(delivery, '2026-11-23 12:00')).toBe(true);
    expect(comes(delivery, '2026-11-23 12:00', { entrance: 'cellar' })).toBe(false);
  });

  it('follow the clock on the wall when summer time begins and ends', () => {
    const zone = 'Europe/Berlin';
    const early = [window(everyDay, '01:30', '03:30')];
    // 2026-03-29: 02:00 becomes 03:00. 2026-10-25: 03:00 becomes 02:00 again.
    const at = (iso: string) =>
      isInHours({ zone, schedules: [{ windows: early }], holidays: new Set() }, 0, 'gate', Date.parse(iso));
    expect(['2026-03-29T00:29Z', '2026-03-29T00:30Z', '2026-03-29T01:29Z', '2026-03-29T01:30Z'].map(at)).toEqual([
      false,
      true,
      true,
      false,
    ]);
    expect(
      ['2026-10-24T23:29Z', '2026-10-24T23:30Z', '2026-10-25T01:30Z', '2026-10-25T02:29Z', '2026-10-25T02:30Z'].map(at),
    ).toEqual([false, true, true, true, false]);
    // A night that begins on a Saturday, where the day is an hour shorter.
    const night = [window([6], '23:00', '04:00')];
    expect(comes(night, '2026-03-29 03:59', { zone })).toBe(true);
    expect(comes(night, '2026-03-29 04:00', { zone })).toBe(false);
    // In Beirut clocks skip midnight itself.
    expect(comes(night, '2026-03-29 01:30', { zone: 'Asia/Beirut' })).toBe(true);
  });

  it('that are empty are none', () => {
    expect(comes([window(everyDay, '08:00', '08:00')], '2026-11-23 08:00')).toBe(false);
    expect(comes([], '2026-11-23 08:00')).toBe(false);
  });
});
