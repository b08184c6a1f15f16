import fc from 'fast-check';
import { describe, it } from 'vitest';
import { similarPins } from './pin-rules.ts';

const pin = fc.stringMatching(/^\d{6,8}$/);
/** A PIN and another near it, so that both answers come up. */
const pair = fc.oneof(
  fc.tuple(pin, pin),
  pin.chain((one) => fc.tuple(fc.constant(one), fc.constantFrom(...similarPins(one)))),
  fc.tuple(fc.stringMatching(/^[01]{6,8}$/), fc.stringMatching(/^[01]{6,8}$/)),
);

/** Levenshtein's distance, by the table of Wagner and Fischer. */
function editDistance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, at) => at);
  for (const [i, digit] of Array.from(a).entries()) {
    const next = [i + 1];
    for (let j = 1; j <= b.length; j += 1) {
      const [left = 0, above = 0, corner = 0] = [next[j - 1], row[j], row[j - 1]];
      next.push(Math.min(left + 1, above + 1, corner + (digit === b[j - 1] ? 0 : 1)));
    }
    row = next;
  }
  return row.at(-1) ?? 0;
}

describe('PINs that could be mistaken for one another', () => {
  it('are those at most one digit apart: another digit, one more or one less', () => {
    fc.assert(fc.property(pair, ([one, other]) => similarPins(one).has(other) === editDistance(one, other) <= 1));
  });

  it('are so both ways', () => {
    fc.assert(fc.property(pair, ([one, other]) => similarPins(one).has(other) === similarPins(other).has(one)));
  });

  it('are few enough to try each of them against every PIN of a flat', () => {
    fc.assert(fc.property(pin, (one) => similarPins(one).size <= 150));
  });

  it('are only such as the keypad takes', () => {
    fc.assert(fc.property(pin, (one) => [...similarPins(one)].every((near) => /^\d{6,8}$/.test(near))));
  });
});
