import { instant } from '@gatecast/firmware-protocol';
import { expect, it } from 'vitest';
import { localWeek, mondayOf, weeksLater, weeksToSum } from './local-weeks.ts';

it('a week begins on Monday and is named by it', () => {
  expect(mondayOf('2026-11-23')).toBe('2026-11-23');
  expect(mondayOf('2026-11-29')).toBe('2026-11-23');
  expect(mondayOf('1969-12-31')).toBe('1969-12-29');
  expect(weeksLater('2026-12-28', 1)).toBe('2027-01-04');
});

it('goes by the clocks on the wall, also where they are changed', () => {
  const shanghai = localWeek('2026-11-23', 'Asia/Shanghai');
  expect(shanghai.halfHourOf.size).toBe(336);
  expect(shanghai.halfHourOf.get(instant(Date.parse('2026-11-24T08:30:00+08:00')))).toBe(48 + 17);
  // An hour is there twice on the last Sunday of October: both are the same half-hours of the week.
  const berlin = localWeek('2026-10-19', 'Europe/Berlin');
  expect(berlin.halfHourOf.size).toBe(338);
  expect(berlin.halfHourOf.get(instant(Date.parse('2026-10-25T02:00:00+02:00')))).toBe(6 * 48 + 4);
  expect(berlin.halfHourOf.get(instant(Date.parse('2026-10-25T02:00:00+01:00')))).toBe(6 * 48 + 4);
});

it('the week before is summed again as long as late reports of it may come', () => {
  const at = (text: string) => instant(Date.parse(text));
  const zone = 'Asia/Shanghai';
  expect(weeksToSum(at('2026-11-23T00:10:00+08:00'), zone)).toEqual(['2026-11-16', '2026-11-23', '2026-11-30']);
  expect(weeksToSum(at('2026-11-27T00:10:00+08:00'), zone)).toEqual(['2026-11-23', '2026-11-30']);
});
