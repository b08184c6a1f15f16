import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { seeded, tell } from './simulated-entrance.fixture.ts';
import { noiseVariance, touchesGiven } from './told-counts.ts';

/** What truly was, on average, of all simulated half-hours of which this was told. */
function truly(mean: number, told: (told: number | null) => boolean, seed: number): number {
  const chance = seeded(seed);
  let sum = 0;
  let count = 0;
  for (let n = 0; n < 60_000; n += 1) {
    const touches = chance.poisson(mean);
    if (!told(tell(chance, touches))) continue;
    sum += touches;
    count += 1;
  }
  return sum / count;
}

describe('what a terminal told', () => {
  it.each([0.5, 3, 9, 14, 25])(
    'of a half-hour with %d expected and a withheld count stands for what truly was',
    (mean) => {
      expect(touchesGiven(null, mean, 0)).toBeCloseTo(
        truly(mean, (told) => told === null, 7),
        0,
      );
    },
  );

  it.each([
    [6, 12],
    [12, 11],
    [20, 26],
    [40, 33],
  ])('of %d expected as %d touches has noise in it that is taken out', (mean, told) => {
    expect(Math.abs(touchesGiven(told, mean, 0) - truly(mean, (one) => one === told, 11))).toBeLessThan(0.35);
  });

  it('is neither zero nor always five where it was withheld: few stay few, and ten that fell away count as nearly ten', () => {
    expect(touchesGiven(null, 0.2, 0)).toBeLessThan(0.25);
    expect(touchesGiven(null, 12, 0)).toBeGreaterThan(7);
    expect(touchesGiven(null, 10_000, 0.01)).toBeLessThan(24);
  });

  it('is never below nothing, nor beyond what the noise can do', () => {
    const mean = fc.double({ min: 0, max: 1e5, noNaN: true });
    const spread = fc.double({ min: 0, max: 1, noNaN: true });
    fc.assert(
      fc.property(mean, spread, fc.option(fc.integer({ min: 10, max: 100_000 })), (m, s, told) => {
        const touches = touchesGiven(told, m, s);
        return told === null ? touches >= 0 && touches < 24 : Math.abs(touches - told) < 14.001;
      }),
    );
  });

  it('knows how much noise the terminals add', () => {
    const chance = seeded(5);
    const noise = Array.from({ length: 40_000 }, () => (tell(chance, 1_000) ?? 0) - 1_000);
    const variance = noise.reduce((sum, n) => sum + n * n, 0) / noise.length;
    expect(variance / noiseVariance).toBeCloseTo(1, 1);
  });
});
