import { expect, test } from 'vitest';
import { RateTable } from './rate-table.ts';

test('each name has a rate of its own', () => {
  const table = new RateTable({ perSecond: 1, burst: 2 }, 10);
  expect([table.take('a', 0), table.take('a', 0), table.take('a', 0), table.take('b', 0)]).toEqual([
    true,
    true,
    false,
    true,
  ]);
  expect([table.has('a', 0), table.has('b', 0), table.has('unheard of', 0)]).toEqual([false, true, true]);
  expect(table.take('a', 1_000)).toBe(true);
});

test('the name heard of longest ago is forgotten when there are too many', () => {
  const table = new RateTable({ perSecond: 0, burst: 1 }, 2);
  for (const name of ['a', 'b', 'a', 'c']) table.take(name, 0);
  expect([table.has('a', 0), table.has('b', 0), table.has('c', 0)]).toEqual([false, true, false]);
});
