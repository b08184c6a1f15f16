import { expect, it } from 'vitest';
import { cancelledLine, isListed, refundOutlookFen, spansSeveral } from './line-item-sums.ts';

it('calls what has a plan of its own a line item, and one half-hour a slot', () => {
  const slot = { at: 0, toAt: 1_800_000, communityIds: ['a'] };
  expect(spansSeveral(slot)).toBe(false);
  expect(spansSeveral({ ...slot, communityIds: ['a', 'b'] })).toBe(true);
  expect(spansSeveral({ ...slot, toAt: 3_600_000 })).toBe(true);
});

it('foresees what goes back: what was not delivered, and nothing twice', () => {
  const paid = { priceFen: 1_000, touches: 50, deliveredMilli: 20_900, refundedFen: 0 };
  expect(refundOutlookFen(paid)).toBe(600);
  expect(refundOutlookFen({ ...paid, refundedFen: 700 })).toBe(0);
  expect(refundOutlookFen({ ...paid, deliveredMilli: 99_000 })).toBe(0);
});

const line = { at: 5_000, cancelledAt: null, priceFen: 1_000, touches: 50, deliveredMilli: 0, refundedFen: 0 } as const;

it('says of what was cancelled before it began that all of it goes back, and then that it has', () => {
  expect(cancelledLine({ ...line, status: 'paid' })).toBeNull();
  const cancelled = { ...line, status: 'paid', cancelledAt: 4_000 } as const;
  expect(cancelledLine(cancelled)).toEqual({ state: 'going-back', fen: 1_000 });
  expect(cancelledLine({ ...cancelled, status: 'refunded', refundedFen: 1_000 })).toEqual({
    state: 'gone-back',
    fen: 1_000,
  });
});

it('says of what was cancelled while it ran about how much goes back, until it has', () => {
  const cancelled = { ...line, status: 'paid', cancelledAt: 6_000, deliveredMilli: 20_000 } as const;
  expect(cancelledLine(cancelled)).toEqual({ state: 'ending', fen: 600 });
  expect(cancelledLine({ ...cancelled, status: 'ended', refundedFen: 580 })).toEqual({ state: 'gone-back', fen: 580 });
});

it('lists line items, what went back for a week, and single half-hours until they are over', () => {
  const dayMs = 86_400_000;
  const refunded = { status: 'refunded', cancelledAt: 0, createdAt: 0, at: 0, toAt: 2 * dayMs } as const;
  expect(isListed({ ...refunded, communityIds: ['a'] }, 6 * dayMs)).toBe(true);
  expect(isListed({ ...refunded, communityIds: ['a'] }, 7 * dayMs)).toBe(false);
  expect(isListed({ ...refunded, communityIds: ['a'], status: 'expired' }, 0)).toBe(false);
  expect(isListed({ ...refunded, communityIds: ['a'], status: 'ended' }, 99 * dayMs)).toBe(true);
  const slot = { status: 'paid', cancelledAt: null, createdAt: 0, at: 0, toAt: 1_800_000 } as const;
  expect(isListed({ ...slot, communityIds: ['a'] }, 1_799_999)).toBe(true);
  expect(isListed({ ...slot, communityIds: ['a'] }, 1_800_000)).toBe(false);
});
