import { expect, test } from 'vitest';
import { bookingPriceFen, clampTouches, suggestedTouches } from './touches.ts';

const slot = { freeTouches: 120, touchPriceFen: 18 };

test('the price is the price of a touch, once for each', () => {
  expect(bookingPriceFen(50, slot)).toBe(900);
});

test('nobody can choose more touches than are free, or none', () => {
  expect(clampTouches(500, slot)).toBe(120);
  expect(clampTouches(0, slot)).toBe(1);
  expect(clampTouches(Number.NaN, slot)).toBe(1);
});

test('one tap offers round numbers and everything that is left', () => {
  expect(suggestedTouches(slot)).toEqual([10, 50, 100, 120]);
  expect(suggestedTouches({ ...slot, freeTouches: 7 })).toEqual([7]);
});
