import { expect, it } from 'vitest';
import { rectangle, stepOf } from './grid-keys.ts';
import { cellOf } from './windows.ts';

const rows = { first: 12, last: 44 };

it('walks over days and half-hours, and stays in what is shown', () => {
  const from = cellOf(3, 20);
  expect(stepOf('ArrowLeft', from, rows)).toBe(cellOf(2, 20));
  expect(stepOf('ArrowRight', from, rows)).toBe(cellOf(4, 20));
  expect(stepOf('ArrowUp', from, rows)).toBe(cellOf(3, 19));
  expect(stepOf('ArrowDown', from, rows)).toBe(cellOf(3, 21));
  expect(stepOf('Home', from, rows)).toBe(cellOf(1, 20));
  expect(stepOf('End', from, rows)).toBe(cellOf(7, 20));
  expect(stepOf('PageDown', cellOf(1, 43), rows)).toBe(cellOf(1, 43));
  expect(stepOf('ArrowUp', cellOf(1, 12), rows)).toBe(cellOf(1, 12));
  expect(stepOf('ArrowLeft', cellOf(1, 12), rows)).toBe(cellOf(1, 12));
  expect(stepOf('x', from, rows)).toBeUndefined();
});

it('covers the rectangle between two cells, whichever comes first', () => {
  const covered = [cellOf(2, 16), cellOf(2, 17), cellOf(3, 16), cellOf(3, 17)];
  expect(rectangle(cellOf(2, 16), cellOf(3, 17))).toEqual(covered);
  expect(rectangle(cellOf(3, 16), cellOf(2, 17))).toEqual(covered);
  expect(rectangle(5, 5)).toEqual([5]);
});
