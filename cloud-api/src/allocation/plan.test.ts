import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { allocate } from './allocation.ts';
import { makeMarket } from './market.fixture.ts';
import { makePlan, smooth, type ExposurePlan } from './plan.ts';
import { faultOf, makeSmallMarket, smallShapes } from './small-market.fixture.ts';
import { spreadOf } from './spread.ts';

const entriesOf = (plan: ExposurePlan, places: number) =>
  Array.from({ length: places }, (_, place) => plan.cellsOf(place))
    .flat()
    .flatMap(({ entries, ...cell }) => entries.map((entry) => ({ ...cell, ...entry })));

describe('a plan', () => {
  it('gives each demand what is deliverable to the milli-touch, in whole numbers that no cell, demand or cap exceeds', () => {
    fc.assert(
      fc.property(smallShapes, (shape) => {
        const market = makeSmallMarket(shape);
        const plan = makePlan(market.inventory, market.demands);
        const entries = entriesOf(plan, market.inventory.placeCommunity.length);
        expect(faultOf(market, entries)).toBeNull();
        const given = new Map<string, number>();
        for (const { id, milliTouches } of entries) given.set(id, (given.get(id) ?? 0) + milliTouches);
        const exact = allocate(market.inventory, market.demands);
        let weighted = 0;
        for (const { id, weight } of market.demands) {
          expect(given.get(id) ?? 0).toBe(plan.deliverable.get(id));
          weighted += weight * (given.get(id) ?? 0);
        }
        expect(weighted).toBe(exact.weighted());
      }),
      { numRuns: 60 },
    );
  });

  it('shares out no more than a cell', () => {
    const { inventory, demands } = makeMarket({ communities: 5, demandShare: 0.95 });
    const plan = makePlan(inventory, demands);
    for (let place = 0; place < 5; place += 1)
      for (const { entries } of plan.cellsOf(place))
        expect(entries.reduce((sum, { sharePpm }) => sum + sharePpm, 0)).toBeLessThanOrEqual(1_000_000);
  });

  it('is the same for the same market, in whatever order its demands stand', () => {
    const { inventory, demands } = makeMarket({ communities: 5 });
    const cells = (of: typeof demands) => entriesOf(makePlan(inventory, of), 5);
    expect(cells(demands.toReversed())).toEqual(cells(demands));
  });

  it('spreads what is sold as the audience is, where the flow alone would take what comes first', () => {
    const { inventory, demands } = makeMarket({ communities: 40 });
    const allocation = allocate(inventory, demands);
    const [before, weighted] = [spreadOf(allocation), allocation.weighted()];
    smooth(allocation);
    expect(before).toBeGreaterThan(0.7);
    expect(spreadOf(allocation)).toBeLessThan(0.3);
    expect(allocation.weighted()).toBe(weighted);
  });

  it('gives a demand alone the same share of every cell', () => {
    const { inventory, demands } = makeMarket({ communities: 6, campaigns: 1, demandShare: 0.02 });
    const allocation = allocate(inventory, demands);
    smooth(allocation);
    expect(spreadOf(allocation)).toBeLessThan(0.001);
  });

  it('is empty where nothing is sold', () => {
    const { inventory } = makeMarket({ communities: 3 });
    expect(makePlan(inventory, []).cellsOf(0)).toEqual([]);
  });
});
