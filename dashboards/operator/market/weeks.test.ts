import { expect, it } from 'vitest';
import { isInWeek, mondayOf } from './weeks.ts';

it('names weeks by their Mondays, also over the year’s end', () => {
  expect(mondayOf('2026-11-23')).toBe('2026-11-23');
  expect(mondayOf('2026-11-29')).toBe('2026-11-23');
  expect(mondayOf('2027-01-01', -1)).toBe('2026-12-21');
  expect(mondayOf('2026-12-31', 1)).toBe('2027-01-04');
  expect(isInWeek('2026-11-29', '2026-11-23')).toBe(true);
  expect(isInWeek('2026-11-30', '2026-11-23')).toBe(false);
});
