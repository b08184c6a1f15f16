import { fen } from '@gatecast/firmware-protocol';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { assertBalanced, movement, paymentTransitions, refundTransitions, reversed } from './rules.ts';

describe('an entry set', () => {
  it('adds up to zero, and so does its reversal', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 1e9 }), (amount) => {
        const set = movement(fen(amount), 'to', 'from');
        assertBalanced(set);
        assertBalanced(reversed(set));
      }),
    );
  });

  it.each([
    ['one side', [{ account: 'a', amountFen: fen(1) }]],
    ['a difference', [...movement(fen(5), 'a', 'b'), { account: 'c', amountFen: fen(1) }]],
    ['nothing', movement(fen(0), 'a', 'b')],
  ])('is never posted with %s', (_, postings) => {
    expect(() => assertBalanced(postings)).toThrow();
  });
});

describe('a payment', () => {
  it('is paid or closed, once; received money goes back at most once', () => {
    expect(paymentTransitions).toEqual({ pending: ['paid', 'closed'], paid: [], closed: [] });
    expect(refundTransitions).toEqual({
      none: ['wanted'],
      wanted: ['done', 'stuck'],
      stuck: ['wanted', 'done'],
      done: [],
    });
  });
});
