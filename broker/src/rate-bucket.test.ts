import { expect, test } from 'vitest';
import { RateBucket } from './rate-bucket.ts';

test('a burst passes, then the sustained rate', () => {
  const bucket = new RateBucket({ perSecond: 10, burst: 3 }, 0);
  expect([bucket.take(2, 0), bucket.take(1, 0), bucket.take(1, 0)]).toEqual([true, true, false]);
  expect([bucket.take(1, 99), bucket.take(1, 100), bucket.take(1, 150)]).toEqual([false, true, false]);
});

test('silence earns no more than the burst', () => {
  const bucket = new RateBucket({ perSecond: 10, burst: 3 }, 0);
  expect(bucket.take(4, 1e9)).toBe(false);
  expect(bucket.take(3, 1e9)).toBe(true);
});
