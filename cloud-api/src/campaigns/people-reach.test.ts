import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { peoplePromised, reachedPart, type GateHours } from './people-reach.ts';

/** 2,000 touches a day, and so many of them in the hours that were chosen. */
const gate = (chosen: number, perDay = 2_000): GateHours => ({
  perDayMilli: perDay * 1_000,
  chosenMilli: chosen * 1_000,
});

describe('people who are promised', () => {
  it('are those who pass in the hours that were chosen, not all who agreed', () => {
    // Half an hour at three in the morning; an evening; a week.
    expect(peoplePromised(100, [gate(2)], 0)).toBe(0);
    expect(peoplePromised(100, [gate(700)], 0)).toBe(33);
    expect(peoplePromised(100, [gate(14_000)], 0)).toBe(89);
    expect(peoplePromised(100, [gate(100_000)], 0)).toBe(97);
  });

  it('are none where nobody is expected, and never more than there are', () => {
    expect(peoplePromised(100, [], 0)).toBe(0);
    expect(peoplePromised(100, [gate(0)], 0)).toBe(0);
    expect(peoplePromised(100, [gate(0, 0)], 0)).toBe(0);
    expect(reachedPart(0)).toBe(0);
    expect(reachedPart(1e9)).toBeLessThanOrEqual(1);
  });

  const chosen = fc.integer({ min: 0, max: 60_000 });
  it('are never fewer with more hours, more people, fewer gates or fewer others, and never more than who may be shown it', () => {
    fc.assert(
      fc.property(
        fc.nat(2_000),
        chosen,
        chosen,
        fc.integer({ min: 1, max: 4 }),
        fc.nat(19),
        (pool, a, b, gates, others) => {
          const at = (hours: number) => Array.from({ length: gates }, () => gate(hours));
          const promised = peoplePromised(pool, at(a), others);
          expect(promised).toBeLessThanOrEqual(pool / gates);
          expect(peoplePromised(pool, at(a + b), others)).toBeGreaterThanOrEqual(promised);
          expect(peoplePromised(pool + 10, at(a), others)).toBeGreaterThanOrEqual(promised);
          expect(peoplePromised(pool, at(a), others + 1)).toBeLessThanOrEqual(promised);
        },
      ),
    );
  });

  it('come nineteen times in twenty, however much they are creatures of habit', () => {
    for (const [pool, hours] of [
      [40, 1_400],
      [100, 700],
      [200, 4_000],
    ] as const) {
      const promised = peoplePromised(pool, [gate(hours)], 0);
      expect(promised).toBeGreaterThan(0);
      const random = seeded(20_261_123);
      const runs = 2_000;
      let kept = 0;
      for (let run = 0; run < runs; run += 1) {
        let came = 0;
        for (let n = 0; n < pool; n += 1) {
          // Each has a habit of their own: how often they pass in these hours is exponential over people.
          const passes = -Math.log(1 - random()) * ((2 * hours) / 2_000);
          if (random() < 1 - Math.exp(-passes)) came += 1;
        }
        if (came >= promised) kept += 1;
      }
      expect(kept / runs).toBeGreaterThanOrEqual(0.95);
    }
  });
});

/** mulberry32: the same run each time. */
function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296;
  };
}
