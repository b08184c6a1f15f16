import { expect, it } from 'vitest';
import fc from 'fast-check';
import { diffuse, type Credits } from './error-diffusion.ts';

const weightsOf = fc.array(fc.integer({ min: 1, max: 1_000_000 }), { minLength: 1, maxLength: 12 });

it('gives each its share of any number of rounds, give or take less than one', () => {
  fc.assert(
    fc.property(weightsOf, fc.integer({ min: 1, max: 400 }), (weights, rounds) => {
      const sum = weights.reduce((a, b) => a + b, 0);
      const contenders = weights.map((weight, index) => ({ key: `c${index}`, weight }));
      const picked = weights.map(() => 0);
      let credits: Credits = {};
      for (let round = 1; round <= rounds; round += 1) {
        const turn = diffuse(credits, contenders);
        credits = turn.credits;
        const index = contenders.findIndex((c) => c.key === turn.chosen);
        picked[index] = (picked[index] ?? 0) + 1;
        // Shares are rounded to parts per million, which adds up over the rounds.
        const rounding = (rounds * weights.length) / 1_000_000;
        weights.forEach((weight, i) => {
          expect(Math.abs((picked[i] ?? 0) - (weight * round) / sum)).toBeLessThan(1 + rounding);
        });
      }
    }),
    { numRuns: 60 },
  );
});

it('chooses the greatest share first', () => {
  const { chosen } = diffuse({}, [
    { key: 'small', weight: 3 },
    { key: 'great', weight: 6 },
  ]);
  expect(chosen).toBe('great');
});

it('passes over one that is barred, and keeps its claim', () => {
  const contenders = [
    { key: 'a', weight: 9, barred: true },
    { key: 'b', weight: 1 },
  ];
  const { chosen, credits } = diffuse({}, contenders);
  expect(chosen).toBe('b');
  expect(credits['a']).toBe(900_000);
});

it('chooses nothing where nobody may be chosen', () => {
  expect(diffuse({}, []).chosen).toBeUndefined();
  expect(diffuse({}, [{ key: 'a', weight: 0 }]).chosen).toBeUndefined();
  expect(diffuse({}, [{ key: 'a', weight: 5, barred: true }]).chosen).toBeUndefined();
});
