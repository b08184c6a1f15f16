import fc from 'fast-check';
import { expect, it } from 'vitest';
import { interval80, widened } from './interval.ts';
import { seeded } from './simulated-entrance.fixture.ts';

it.each([20, 60, 200, 900])('four of five counts of a Poisson distribution with %d expected lie within', (mean) => {
  const { poisson } = seeded(mean);
  const { low, high } = interval80(mean, mean);
  const counts = Array.from({ length: 20_000 }, () => poisson(mean));
  const within = counts.filter((n) => n >= low && n <= high).length / counts.length;
  expect(within).toBeGreaterThan(0.76);
  expect(within).toBeLessThan(0.86);
});

it('holds the mean, begins at nothing at the lowest, and grows with what is not known', () => {
  fc.assert(
    fc.property(
      // Most half-hours of a small door have fewer than one.
      fc.oneof(fc.double({ min: 0, max: 1, noNaN: true }), fc.double({ min: 0, max: 1e5, noNaN: true })),
      fc.double({ min: 0, max: 1, noNaN: true }),
      (mean, spread) => {
        const { low, high } = interval80(mean, mean + spread * mean ** 2);
        const wider = interval80(mean, mean + (spread + 0.1) * mean ** 2);
        expect(low).toBeGreaterThanOrEqual(0);
        expect(low).toBeLessThanOrEqual(mean);
        expect(high).toBeGreaterThanOrEqual(mean);
        expect(wider.high).toBeGreaterThanOrEqual(high * (1 - 1e-12));
        const told = widened({ low, high }, mean, 2);
        expect(told.high).toBeGreaterThanOrEqual(high);
      },
    ),
  );
});

it('of nobody is nothing', () => {
  expect(interval80(0, 0)).toEqual({ low: 0, high: 0 });
  expect(interval80(1e-9, 1e-9).low).toBe(0);
});
