import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { shareCases, type CaseWish } from './case-packs.ts';
import { backOf, outcomeOf, type CommunityTerms, type PaidOrder } from './deal-outcome.ts';
import { isLadder, nextTier, priceAt } from './price-tiers.ts';

const ladder = [
  { fromUnits: 10, priceFen: 900 },
  { fromUnits: 50, priceFen: 700 },
];

describe('a ladder of prices', () => {
  it('is climbed by what all buy together', () => {
    expect([1, 9, 10, 49, 50, 500].map((units) => priceAt(ladder, 1_000, units))).toEqual([
      1_000, 1_000, 900, 900, 700, 700,
    ]);
    expect(nextTier(ladder, 10)).toEqual({ fromUnits: 50, priceFen: 700 });
    expect(nextTier(ladder, 50)).toBeNull();
  });

  it('only goes up in units and down in price', () => {
    expect(isLadder([], 1_000)).toBe(true);
    expect(isLadder(ladder, 1_000)).toBe(true);
    expect(isLadder(ladder, 900)).toBe(false);
    expect(isLadder([...ladder, { fromUnits: 50, priceFen: 600 }], 1_000)).toBe(false);
    expect(isLadder([...ladder, { fromUnits: 80, priceFen: 700 }], 1_000)).toBe(false);
    expect(isLadder([{ fromUnits: 1, priceFen: 900 }], 1_000)).toBe(false);
    expect(isLadder([{ fromUnits: 10, priceFen: 0 }], 1_000)).toBe(false);
  });
});

const wish = (orderId: string, quantity: number, extraUnits = 0): CaseWish => ({ orderId, quantity, extraUnits });
const shares = (wishes: readonly CaseWish[], packUnits: number) => Object.fromEntries(shareCases(wishes, packUnits));

describe('cases', () => {
  it('are opened when what people would take on top fills them, one by one from each', () => {
    expect(shares([wish('a', 3, 2), wish('b', 4, 3), wish('c', 1)], 12)).toEqual({ a: 5, b: 6, c: 1 });
    expect(shares([wish('a', 3, 1), wish('b', 4, 9)], 12)).toEqual({ a: 4, b: 8 });
  });

  it('are left closed when nobody fills them: the latest go short', () => {
    expect(shares([wish('a', 8), wish('b', 6), wish('c', 3)], 12)).toEqual({ a: 8, b: 4, c: 0 });
    expect(shares([wish('a', 3), wish('b', 4, 1)], 12)).toEqual({ a: 0, b: 0 });
  });

  it('are whole, nobody gets more than was paid, and nobody who came first gets less of what was asked', () => {
    const wishes = fc
      .array(fc.record({ quantity: fc.integer({ min: 1, max: 40 }), extraUnits: fc.nat(20) }), { maxLength: 30 })
      .map((all) => all.map((one, n) => ({ ...one, orderId: `o${n}` })));
    fc.assert(
      fc.property(wishes, fc.integer({ min: 1, max: 48 }), (all, packUnits) => {
        const got = shareCases(all, packUnits);
        const units = [...got.values()].reduce((sum, one) => sum + one, 0);
        const wanted = all.reduce((sum, one) => sum + one.quantity, 0);
        expect(units % packUnits).toBe(0);
        // Nobody loses a case that could be filled, and none is opened for what nobody asked.
        expect(Math.abs(units - wanted)).toBeLessThan(packUnits);
        const short = all.findIndex(({ orderId, quantity }) => (got.get(orderId) ?? 0) < quantity);
        for (const [n, { orderId, quantity, extraUnits }] of all.entries()) {
          const units_ = got.get(orderId) ?? -1;
          expect(units_).toBeGreaterThanOrEqual(0);
          expect(units_).toBeLessThanOrEqual(quantity + extraUnits);
          if (short !== -1 && n > short) expect(units_).toBe(0);
        }
      }),
    );
  });
});

describe('a deal of a whole community', () => {
  const terms: CommunityTerms = { firstPriceFen: 1_000, tiers: ladder, minUnits: 10, minPeople: 2, packUnits: 1 };
  const paid = (orderId: string, quantity: number, residentId = orderId): PaidOrder => ({
    ...wish(orderId, quantity),
    residentId,
  });

  it('comes about with enough units of enough people, at the price that they reached', () => {
    expect(outcomeOf(terms, [paid('a', 6), paid('b', 4)])).toMatchObject({ is: 'complete', priceFen: 900, units: 10 });
    expect(outcomeOf(terms, [paid('a', 6), paid('b', 3)])).toEqual({ is: 'failed' });
    expect(outcomeOf(terms, [paid('a', 60), paid('b', 60, 'a')])).toEqual({ is: 'failed' });
    expect(outcomeOf({ ...terms, minUnits: 0, minPeople: 0 }, [])).toEqual({ is: 'failed' });
  });

  it('is not made by what does not fill a case', () => {
    const cases = { ...terms, packUnits: 8 };
    expect(outcomeOf(cases, [paid('a', 6), paid('b', 6)])).toEqual({ is: 'failed' });
    expect(outcomeOf(cases, [paid('a', 8), paid('b', 9)])).toMatchObject({ is: 'complete', priceFen: 900, units: 16 });
    expect(outcomeOf({ ...cases, minUnits: 8 }, [paid('a', 8), paid('b', 7)])).toEqual({ is: 'failed' });
  });

  it('costs everybody the same for each unit, to the fen, whatever they paid before', () => {
    const orders = fc
      .array(fc.record({ quantity: fc.integer({ min: 1, max: 9 }), extraUnits: fc.nat(5) }), {
        minLength: 1,
        maxLength: 40,
      })
      .map((all) => all.map((one, n) => ({ ...one, orderId: `o${n}`, residentId: `r${n % 7}` })));
    fc.assert(
      fc.property(orders, fc.integer({ min: 1, max: 12 }), (all, packUnits) => {
        const outcome = outcomeOf({ ...terms, minUnits: 1, minPeople: 1, packUnits }, all);
        if (outcome.is === 'failed') return;
        for (const { orderId, quantity, extraUnits } of all) {
          const totalFen = (quantity + extraUnits) * terms.firstPriceFen;
          const units = outcome.got.get(orderId) ?? 0;
          const back = backOf({ totalFen }, units, outcome.priceFen);
          expect(back).toBeGreaterThanOrEqual(0);
          expect(totalFen - back).toBe(units * outcome.priceFen);
        }
      }),
    );
  });
});
