import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { allocate } from './allocation.ts';
import { noCaps } from './instance.ts';
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

  it('of a community whose half-hours are more than a group counts sells two million touches, and none that is not there', () => {
    const { inventory, demands } = makeSmallMarket({ communities: 5, demands: 1, halfHours: 6, segments: 1, seed: 3 });
    const all = new Uint32Array(1).fill(0b111111);
    const [demand] = demands.map((one) => ({
      ...one,
      milliTouches: 20e9,
      segments: 1,
      schedules: [all],
      caps: noCaps,
    }));
    if (!demand) throw new Error('there is one');
    const wide = { ...demand, scheduleOf: new Int32Array(demand.places.length) };
    const market = {
      inventory: {
        ...inventory,
        supplyMilliTouches: inventory.supplyMilliTouches.map(() => 1.5e9),
        offlinePpm: new Int32Array(inventory.offlinePpm.length),
      },
      demands: [wide],
    };
    const plan = makePlan(market.inventory, market.demands);
    const entries = entriesOf(plan, inventory.placeCommunity.length);
    const communities = new Set(Array.from(wide.places, (place) => inventory.placeCommunity[place]));
    const given = entries.reduce((sum, { milliTouches }) => sum + milliTouches, 0);
    expect(faultOf(market, entries)).toBeNull();
    expect(given).toBe(plan.deliverable.get(wide.id));
    expect(given).toBe(communities.size * (2 ** 31 - 1));
    // Shares are of all that is there.
    for (const { sharePpm, milliTouches } of entries) expect(sharePpm).toBeCloseTo((milliTouches / 1.5e9) * 1e6, -2);
  });

  it('is empty where nothing is sold', () => {
    const { inventory } = makeMarket({ communities: 3 });
    expect(makePlan(inventory, []).cellsOf(0)).toEqual([]);
  });
});
