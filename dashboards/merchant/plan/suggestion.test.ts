import { expect, it } from 'vitest';
import { suggest, touchesWithin, type SuggestionKind, type WeekCell } from './suggestion.ts';
import { isHourOf, timesOf, tradeOfCategory } from './trade-hours.ts';
import { cellOf, dayPartsMax, dayPartsOf, halfHoursPerDay } from './windows.ts';

const cell = (weekday: number, halfHour: number, expected: number, bookable = true): WeekCell => ({
  weekday,
  halfHour,
  expected,
  touchPriceFen: 10,
  bookable,
});
const near = [
  { id: 'own', households: 1_000 },
  { id: 'next', households: 1_000 },
  { id: 'far', households: 500 },
];
const one = (kind: SuggestionKind, ...of: Parameters<typeof suggest>) =>
  suggest(...of).find((each) => each.kind === kind);
/** Every half-hour of a week, busiest when people come home. */
const fullWeek = Array.from({ length: 7 }, (_, day) =>
  Array.from({ length: halfHoursPerDay }, (_half, half) => cell(day + 1, half, half >= 33 && half < 42 ? 100 : 70)),
).flat();

it('spends a small budget at the own door in the busy half-hours', () => {
  const week = [cell(1, 15, 100), cell(1, 16, 80), cell(1, 30, 10)];
  expect(one('near', 300, week, near)).toEqual({
    kind: 'near',
    communityIds: ['own'],
    cells: new Set([cellOf(1, 15), cellOf(1, 16)]),
    days: 7,
    segment: 'all',
  });
});

it('takes the next communities for a larger budget, and more days when there are no more', () => {
  const week = [cell(1, 15, 100), cell(1, 16, 100)];
  expect(one('near', 700, week, near)).toMatchObject({ communityIds: ['own', 'next'], days: 7 });
  expect(one('near', 2_000, week, near)).toMatchObject({ communityIds: ['own', 'next', 'far'], days: 14 });
  expect(one('near', 1_000_000, week, near)?.days).toBe(28);
});

it('offers ways that differ: close by when it is busy, everywhere all day, and families when they pass', () => {
  const [close, wide, families, ...more] = suggest(3_000, fullWeek, near, 'groceries');
  expect(more).toEqual([]);
  expect(close).toMatchObject({ kind: 'near', segment: 'all', communityIds: ['own'] });
  expect(wide).toMatchObject({ kind: 'wide', segment: 'all', communityIds: ['own', 'next', 'far'] });
  expect(wide?.cells.size).toBe(7 * halfHoursPerDay);
  expect(families).toMatchObject({ kind: 'families', segment: 'families' });
  for (const each of families?.cells ?? []) {
    const weekday = Math.floor(each / halfHoursPerDay) + 1;
    expect(isHourOf('children', weekday, each % halfHoursPerDay)).toBe(true);
  }
});

it('tells a breakfast shop other hours than a hotpot restaurant', () => {
  const times = (trade: 'breakfast' | 'hotpot') =>
    timesOf(one('near', 3_000, fullWeek, near, trade)?.cells ?? new Set());
  expect(times('breakfast')).toEqual([{ fromMinute: 360, toMinute: 570 }]);
  const [, evening] = [times('breakfast'), times('hotpot')];
  expect(evening[0]?.fromMinute).toBeGreaterThanOrEqual(600);
  expect(evening.at(-1)?.toMinute).toBe(1_290);
});

it('says the same thing once', () => {
  const week = [cell(6, 20, 100)];
  expect(suggest(50, week, near.slice(0, 1)).map(({ kind }) => kind)).toEqual(['near', 'families']);
});

it('has nothing to suggest where nothing is sold, or for less than one touch', () => {
  expect(suggest(10_000, [cell(1, 15, 100, false)], near)).toEqual([]);
  expect(suggest(9, [cell(1, 15, 100)], near)).toEqual([]);
  expect(suggest(10_000, [cell(1, 15, 100)], [])).toEqual([]);
  expect(suggest(Number.NaN, [cell(1, 15, 100)], [])).toEqual([]);
});

it('never suggests more windows than a booking may have', () => {
  const ragged = Array.from({ length: 7 }, (_, day) =>
    Array.from({ length: 24 }, (_half, half) => cell(day + 1, half * 2, 60 + ((day * 7 + half * 5) % 41))),
  ).flat();
  for (const { cells } of suggest(10_000, ragged, near))
    expect(dayPartsOf(cells).length).toBeLessThanOrEqual(dayPartsMax);
});

it('takes a clip of a school to be for children, and asks what a clip for food sells', () => {
  expect(tradeOfCategory('education')).toBe('children');
  expect(tradeOfCategory('food')).toBe('any');
  expect(tradeOfCategory(null)).toBe('any');
});

it('buys as many touches as the budget pays for, rounded up price included', () => {
  for (const price of [1, 333, 9_999, 10_001]) {
    const touches = touchesWithin(5_000, price);
    expect(Math.ceil((touches * price) / 1_000)).toBeLessThanOrEqual(5_000);
    expect(Math.ceil(((touches + 1) * price) / 1_000)).toBeGreaterThan(5_000 - 1);
  }
});
