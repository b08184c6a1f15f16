import { expect, it } from 'vitest';
import { packWeek, soldPpmOf, unpackWeek, WeekCells, yieldMilliFenOf } from './week-cells.ts';

const cell = { expectedMilli: 50_000, openMilli: 40_000, soldMilli: 10_000, incomeMilliFen: 900_000 };

it('sums by half-hour, and keeps every number through its bytes', () => {
  const week = new WeekCells();
  week.add(335, cell);
  week.add(335, cell);
  const all = new WeekCells();
  all.addAll(week);
  all.add(0, cell);
  const read = unpackWeek(packWeek(all));
  expect(read.cell(335)).toEqual({
    expectedMilli: 100_000,
    openMilli: 80_000,
    soldMilli: 20_000,
    incomeMilliFen: 1_800_000,
  });
  expect(read.sum((halfHour) => halfHour < 48)).toEqual(cell);
  expect(read.sum().soldMilli).toBe(30_000);
});

it('says what part is sold of what may be, and nothing where nothing may be', () => {
  expect(soldPpmOf(cell)).toBe(250_000);
  expect(soldPpmOf({ openMilli: 0, soldMilli: 0 })).toBeNull();
  // The forecast fell after it was sold.
  expect(soldPpmOf({ openMilli: 1_000, soldMilli: 2_000 })).toBe(1_000_000);
});

it('says what an expected touch earns, sold or not', () => {
  expect(yieldMilliFenOf(cell)).toBe(18_000);
  expect(yieldMilliFenOf({ ...cell, expectedMilli: 0 })).toBe(0);
});
