import { expect, it } from 'vitest';
import { backoffMs } from './backoff.ts';

it('waits longer with every failure, and never beyond twenty seconds', () => {
  expect([0, 1, 2, 3].map((attempt) => backoffMs(attempt, 0))).toEqual([250, 500, 1000, 2000]);
  expect(backoffMs(0, 0.999)).toBe(500);
  expect(backoffMs(1_000, 0.999)).toBeLessThanOrEqual(20_000);
});
