import { expect, it } from 'vitest';
import { daysUntil } from './lease.ts';

it('counts the days of a lease by the calendar, over the end of a year too', () => {
  expect(daysUntil('2026-11-22', '2026-11-22')).toBe(0);
  expect(daysUntil('2027-01-01', '2026-12-30')).toBe(2);
  expect(daysUntil('2026-11-20', '2026-11-22')).toBe(-2);
});
