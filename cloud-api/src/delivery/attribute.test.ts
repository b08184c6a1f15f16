import { expect, it } from 'vitest';
import { partsOf } from './attribute.ts';

const cell = (bookingId: string, product: 'touches' | 'ten-people', plannedMilli: number) => ({
  bookingId,
  product,
  plannedMilli,
});

it('gives line items that count people whom they reached, and all touches to the others', () => {
  const cells = [cell('boo_a', 'ten-people', 0), cell('boo_b', 'touches', 3_000), cell('boo_c', 'touches', 1_000)];
  expect(partsOf({ verifiedMilliTouches: 8_000, people: { boo_a: 2 } }, cells)).toEqual([2_000, 6_000, 2_000]);
});

it('takes back what a later report does not say any more', () => {
  expect(partsOf({ verifiedMilliTouches: 0, people: {} }, [cell('boo_a', 'ten-people', 0)])).toEqual([0]);
  expect(partsOf({ verifiedMilliTouches: 0, people: null }, [cell('boo_a', 'ten-people', 0)])).toEqual([0]);
});
