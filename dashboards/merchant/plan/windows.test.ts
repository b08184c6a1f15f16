import { expect, it } from 'vitest';
import { cellOf, cellsOf, dayPartsOf } from './windows.ts';

it('reads half-hours that follow each other as one window, shared by the days that have it', () => {
  const cells = new Set([cellOf(1, 14), cellOf(1, 15), cellOf(3, 14), cellOf(3, 15), cellOf(7, 47)]);
  expect(dayPartsOf(cells)).toEqual([
    { weekdays: [1, 3], fromMinute: 420, toMinute: 480 },
    { weekdays: [7], fromMinute: 1_410, toMinute: 1_440 },
  ]);
  expect(cellsOf(dayPartsOf(cells))).toEqual(cells);
});

it('carries a window over midnight into the next day, and from Sunday into Monday', () => {
  expect(cellsOf([{ weekdays: [7], fromMinute: 1_410, toMinute: 30 }])).toEqual(new Set([cellOf(7, 47), cellOf(1, 0)]));
});

it('takes no window for the whole week', () => {
  expect(cellsOf([]).size).toBe(336);
});
