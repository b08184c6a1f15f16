import { expect, it } from 'vitest';
import { decodeCursor, encodeCursor } from './cursor.ts';

it.each([
  ['a fraction', [1.5, 'ord_1']],
  ['more than a bigint', [1e300, 'ord_1']],
  ['NUL', [1, 'ord\0']],
  ['the wrong kinds', ['ord_1', 1]],
  ['too few parts', [1]],
])('a cursor with %s is refused, not handed to a database', (_, key) => {
  expect(() => decodeCursor<[number, string]>(encodeCursor(key), ['number', 'string'])).toThrow(/not one of ours/);
});

it('a cursor of ours says where the page begins', () => {
  const key = [1_770_000_000_000, 'ord_1'] as const;
  expect(decodeCursor<[number, string]>(encodeCursor(key), ['number', 'string'])).toEqual(key);
});
