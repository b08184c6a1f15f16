import { expect, test } from 'vitest';
import type { Slot } from '@gatecast/cloud-api/client';
import { clockText } from '../../kit/format.ts';
import { dayGrid } from './day-grid.ts';

const halfHourMs = 30 * 60_000;
const midnight = Date.parse('2026-11-22T00:00:00+08:00');
const slotAt = (hour: number, forecastTouches: number, bookable = true): Slot => ({
  at: midnight + hour * 2 * halfHourMs,
  communityId: 'comm_1',
  forecastTouches,
  freeTouches: forecastTouches,
  touchPriceFen: 12,
  bookable,
  reason: bookable ? null : 'past',
});

test('half-hours stand under the part of the day that the clock at the door shows', () => {
  const grid = dayGrid([slotAt(18, 90), slotAt(7.5, 100), slotAt(0, 1)], 'Asia/Shanghai');
  expect(grid.map((part) => [part.name, part.cells.map((cell) => clockText(cell.minute))])).toEqual([
    ['night', ['00:00']],
    ['morning', ['07:30']],
    ['evening', ['18:00']],
  ]);
});

test('the same half-hours fall elsewhere for a community in another zone', () => {
  const grid = dayGrid([slotAt(7.5, 100)], 'Europe/London');
  expect(grid.map((part) => part.name)).toEqual(['late']);
});

test('the busiest half-hour is the hottest, however small the community', () => {
  const [morning] = dayGrid([slotAt(7, 10), slotAt(7.5, 5), slotAt(8, 0)], 'Asia/Shanghai');
  expect(morning?.cells.map((cell) => cell.heat)).toEqual([4, 2, 0]);
});

test('a day on which nobody is expected is cold, not broken', () => {
  const [morning] = dayGrid([slotAt(7, 0)], 'Asia/Shanghai');
  expect(morning?.cells[0]?.heat).toBe(0);
});

test('each part says how many half-hours are still for sale', () => {
  const [morning] = dayGrid([slotAt(7, 10, false), slotAt(7.5, 5)], 'Asia/Shanghai');
  expect(morning).toMatchObject({ bookable: 1, forecastTouches: 15 });
});
