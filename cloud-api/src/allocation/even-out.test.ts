import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { allocate, type Allocation } from './allocation.ts';
import { evenOut } from './even-out.ts';
import { makeMarket } from './market.fixture.ts';
import { makePlan, smooth, type ExposurePlan } from './plan.ts';
import { faultOf, makeSmallMarket, smallShapes } from './small-market.fixture.ts';
import { spreadAtLeast } from './spread-bound.fixture.ts';
import { spreadOf } from './spread.ts';

const amountsOf = (allocation: Allocation) => allocation.ids().map((id) => allocation.deliverable(id));
const nearlySoldOut = (seed = 1) => makeMarket({ communities: 60, demandShare: 0.95, seed });
const entriesOf = (plan: ExposurePlan, places: number) =>
  Array.from({ length: places }, (_, place) => plan.cellsOf(place))
    .flat()
    .flatMap(({ entries, ...cell }) => entries.map((entry) => ({ ...cell, ...entry })));

/** By prices, each demand asking for what it has. */
const spread = (allocation: Allocation) => {
  smooth(allocation, { evenEnough: Infinity });
  for (const root of allocation.roots()) allocation.network.nodeCap[root] = allocation.network.nodeFlow[root] ?? 0;
  return spreadOf(allocation);
};

describe('evening out', () => {
  it('keeps what each demand has to the milli-touch, in whole numbers that no cell, demand or cap exceeds', () => {
    fc.assert(
      fc.property(smallShapes, (shape) => {
        const market = makeSmallMarket(shape);
        const allocation = allocate(market.inventory, market.demands);
        const [amounts, weighted] = [amountsOf(allocation), allocation.weighted()];
        const plan = smooth(allocation, { evenEnough: 0 });
        expect(faultOf(market, entriesOf(plan, market.inventory.placeCommunity.length))).toBeNull();
        expect(amountsOf(allocation)).toEqual(amounts);
        expect(allocation.weighted()).toBe(weighted);
      }),
      { numRuns: 60 },
    );
  });

  it('is as even as the amounts allow: as a bound by duality says that no plan can be more even, caps or not', () => {
    fc.assert(
      fc.property(smallShapes, (shape) => {
        const { inventory, demands } = makeSmallMarket(shape);
        const allocation = allocate(inventory, demands);
        const before = spread(allocation);
        expect(evenOut(allocation)).toBe(true);
        const bound = spreadAtLeast(allocation);
        const milli =
          1 /
          Math.max(
            1,
            allocation.roots().reduce((sum, root) => sum + (allocation.network.nodeFlow[root] ?? 0), 0),
          );
        // A fair part is rarely whole, and an edge may be a milli-touch beside it.
        const tolerance = allocation.network.edges * milli;
        expect(spreadOf(allocation)).toBeLessThanOrEqual(before + tolerance);
        expect(Math.abs(spreadOf(allocation) - bound)).toBeLessThanOrEqual(tolerance);
      }),
      { numRuns: 60 },
    );
  });

  it('makes a market that is nearly sold out more even than prices alone do, at whatever seed', () => {
    for (const seed of [1, 2, 3]) {
      const { inventory, demands } = nearlySoldOut(seed);
      const allocation = allocate(inventory, demands);
      const before = spread(allocation);
      evenOut(allocation);
      expect(spreadOf(allocation)).toBeLessThan(before - 0.03);
      expect(spreadOf(allocation) - spreadAtLeast(allocation)).toBeLessThan(0.001);
    }
  });

  it('that runs out of steps is never less even than before, and has lost nothing', () => {
    const { inventory, demands } = nearlySoldOut();
    for (const searches of [0, 1, 3, 6]) {
      const allocation = allocate(inventory, demands);
      const before = spread(allocation);
      const amounts = amountsOf(allocation);
      expect(evenOut(allocation, searches * allocation.network.edges)).toBe(false);
      expect(spreadOf(allocation)).toBeLessThanOrEqual(before);
      expect(amountsOf(allocation)).toEqual(amounts);
    }
  });

  it('is left out where prices make it even enough, and done where they do not', () => {
    const at = (demandShare: number, evenEnough?: number) => {
      const { inventory, demands } = makeMarket({ communities: 100, demandShare });
      const allocation = allocate(inventory, demands);
      smooth(allocation, evenEnough === undefined ? {} : { evenEnough });
      return spreadOf(allocation);
    };
    expect(at(0.85)).toBe(at(0.85, Infinity));
    expect(at(0.95, Infinity)).toBeGreaterThan(0.3);
    expect(at(0.95)).toBeLessThan(0.3);
  });

  it('comes to the same plan again, in whatever order demands stand and however often it is asked', () => {
    const { inventory, demands } = nearlySoldOut();
    const cells = (of: typeof demands) => entriesOf(makePlan(inventory, of, { evenEnough: 0 }), 60);
    const once = cells(demands);
    expect(cells(demands.toReversed())).toEqual(once);
    const allocation = allocate(inventory, demands);
    smooth(allocation, { evenEnough: 0 });
    expect(entriesOf(smooth(allocation, { evenEnough: 0 }), 60)).toEqual(once);
  });

  it('leaves an allocation that changes as it would have changed: to the optimum', () => {
    const { inventory, demands } = nearlySoldOut();
    const [gone, ...others] = demands;
    if (!gone) throw new Error('there is one');
    const allocation = allocate(inventory, demands);
    smooth(allocation, { evenEnough: 0 });
    allocation.remove(gone.id);
    expect(allocation.weighted()).toBe(allocate(inventory, others).weighted());
    allocation.add(gone);
    expect(allocation.weighted()).toBe(allocate(inventory, demands).weighted());
  });
});
