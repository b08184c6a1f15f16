import { fen } from '@gatecast/firmware-protocol';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  assertBalanced,
  movement,
  paymentStatesBefore,
  paymentTransitions,
  reversed,
  type PaymentStatus,
} from './rules.ts';

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
  it('can only take the steps of the table, for every pair of states', () => {
    const states = Object.keys(paymentTransitions) as PaymentStatus[];
    const allowed = states.flatMap((from) =>
      states.filter((to) => paymentStatesBefore(to).includes(from)).map((to) => `${from} → ${to}`),
    );
    expect(allowed).toEqual([
      'pending → closed',
      'pending → paid',
      'pending → surplus',
      'closed → surplus',
      'paid → refunding',
      'surplus → refunding',
      'refunding → refunded',
    ]);
  });
});
