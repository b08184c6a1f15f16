import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { earnedFen } from '../billing/rules.ts';
import { averagePriceMilliFen, linePriceFen, refundDueFen } from './line-price.ts';

describe('the price of a line item', () => {
  it('is the average over its half-hours, each weighing as much as is expected there', () => {
    const cells = [
      { expectedMilli: 30_000, touchPriceFen: 20 },
      { expectedMilli: 10_000, touchPriceFen: 40 },
    ];
    expect(averagePriceMilliFen(cells)).toBe(25_000);
    expect(linePriceFen(100, 25_000)).toBe(2_500);
  });

  it('is nothing where nobody is expected, and never rounds the house out of a fen', () => {
    expect(averagePriceMilliFen([{ expectedMilli: 0, touchPriceFen: 20 }])).toBe(0);
    expect(linePriceFen(1, 20_001)).toBe(21);
  });
});

describe('what goes back', () => {
  it('is the price of what was not delivered', () => {
    const line = { priceFen: 2_000, touches: 100, deliveredMilli: 40_900, refundedFen: 0 };
    expect(refundDueFen(line)).toBe(1_200);
    expect(refundDueFen({ ...line, refundedFen: 1_000 })).toBe(200);
    expect(refundDueFen({ ...line, deliveredMilli: 120_000 })).toBe(0);
  });

  it('and what was earned make up the price to the fen, of the largest line items too', () => {
    const line = { priceFen: 999_999_999_993, touches: 9_999_991, deliveredMilli: 9_999_991_000, refundedFen: 0 };
    expect(refundDueFen(line)).toBe(0);
    expect(earnedFen(line, line.deliveredMilli)).toBe(line.priceFen);
  });

  it('never makes more of the money than was paid, however often it is asked', () => {
    const line = fc.record({
      priceFen: fc.integer({ min: 1, max: 10 ** 9 }),
      touches: fc.integer({ min: 1, max: 10 ** 6 }),
      deliveredMilli: fc.integer({ min: 0, max: 10 ** 9 }),
    });
    fc.assert(
      fc.property(line, (paid) => {
        const first = refundDueFen({ ...paid, refundedFen: 0 });
        expect(first).toBeLessThanOrEqual(paid.priceFen);
        expect(refundDueFen({ ...paid, refundedFen: first })).toBe(0);
      }),
    );
  });
});
