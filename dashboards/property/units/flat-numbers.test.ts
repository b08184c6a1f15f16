import { expect, it } from 'vitest';
import { flatNumbers, floorByNumber, floorsIn } from './flat-numbers.ts';

const plan = { fromFloor: 1, toFloor: 30, perFloor: 4, firstFlat: 1, skip: [] };

it('a tower of thirty floors with four flats each is made at once', () => {
  const numbers = flatNumbers(plan);
  expect(numbers).toHaveLength(120);
  expect(numbers.slice(0, 5)).toEqual(['101', '102', '103', '104', '201']);
  expect(numbers.at(-1)).toBe('3004');
});

it('floors that a building does not have are left out', () => {
  expect(flatNumbers({ ...plan, toFloor: 5, perFloor: 1, skip: floorsIn('4，13 14') })).toEqual([
    '101',
    '201',
    '301',
    '501',
  ]);
});

it('the second stairwell goes on counting', () => {
  expect(flatNumbers({ ...plan, toFloor: 1, perFloor: 2, firstFlat: 3 })).toEqual(['103', '104']);
});

it('a number tells its floor, where it is made that way', () => {
  expect(['302', '1203', '12', '012', '120345'].map(floorByNumber)).toEqual([3, 12, null, null, null]);
});
