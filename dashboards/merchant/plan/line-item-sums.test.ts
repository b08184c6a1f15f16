import { expect, it } from 'vitest';
import { refundOutlookFen, spansSeveral } from './line-item-sums.ts';

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
