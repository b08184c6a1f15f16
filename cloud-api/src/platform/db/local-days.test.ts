import { localTime, instant, zonedInstant } from '@gatecast/firmware-protocol';
import { expect, it } from 'vitest';
import { dateOfNumber, localDaysOf } from './local-days.ts';

const hourMs = 3_600_000;

/** As the database reckons it. */
function dayOf(at: number, { stretches }: ReturnType<typeof localDaysOf>): string {
  for (const stretch of stretches)
    if (at < stretch.to)
      return dateOfNumber('day' in stretch ? stretch.day : Math.floor((at + stretch.offsetMs) / 86_400_000));
  throw new Error('beyond the last day');
}

it.for(['Asia/Shanghai', 'Asia/Kolkata', 'Europe/Berlin', 'America/New_York', 'Australia/Lord_Howe'])(
  'every moment of a leap year in %s is in the day that its clocks show',
  (zone) => {
    const days = localDaysOf(zone, '2028-01-01', '2028-12-31');
    for (let at: number = days.from; at < days.to; at += 1.5 * hourMs)
      expect(dayOf(at, days)).toBe(localTime(instant(at), zone).date);
    expect(days.to).toBe(zonedInstant('2029-01-01', 0, zone));
  },
);

it('a zone that never changes its clocks is one stretch', () => {
  expect(localDaysOf('Asia/Shanghai', '2026-01-01', '2028-12-31').stretches).toHaveLength(1);
});

it('one day has its 24 hours', () => {
  const day = localDaysOf('Asia/Shanghai', '2026-11-23', '2026-11-23');
  expect(day.to - day.from).toBe(24 * hourMs);
});
