import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { allocate, fen, yuanText } from './money.ts';

describe('money', () => {
  it('refuses half a fen', () => {
    expect(() => fen(0.5)).toThrow(RangeError);
  });

  it('splits so that not a fen is lost', () => {
    expect(allocate(fen(100), [1, 1, 1])).toEqual([34, 33, 33]);
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 1e9 }),
        fc.array(fc.integer({ min: 0, max: 1e6 }), { minLength: 1, maxLength: 20 }),
        (total, weights) => {
          fc.pre(weights.some((w) => w > 0));
          const parts = allocate(fen(total), weights);
          return (
            parts.reduce((a, b) => a + b, 0) === total && parts.every((p, i) => p >= 0 && (weights[i] !== 0 || p <= 1))
          );
        },
      ),
    );
  });

  it('prints yuan with two digits', () => {
    expect([0, 5, 1234, -990].map((n) => yuanText(fen(n)))).toEqual(['0.00', '0.05', '12.34', '-9.90']);
  });
});
