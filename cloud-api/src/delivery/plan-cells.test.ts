import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { plannable, type Inventory } from '../allocation/instance.ts';
import { bandOf } from '../allocation/segment-lines.ts';
import { makeSmallMarket, smallShapes } from '../allocation/small-market.fixture.ts';
import type { Demand } from '../allocation/instance.ts';
import { planCells, type PlanAnswer } from './plan-cells.ts';

/** Whom everybody will do for. */
const everybody = (demands: readonly Demand[]) => ({
  wanted: demands.map((demand) => ({ demand, segment: null, sold: null })),
  worths: { setOf: new Int32Array(0), ppm: new Int32Array(0), segments: 0 },
});

/** What can be planned of each half-hour at each door. */
function roomOf({ halfHours, supplyMilliTouches, offlinePpm, placeCommunity }: Inventory): Map<string, number> {
  const room = new Map<string, number>();
  placeCommunity.forEach((door, place) => {
    for (let n = 0; n < halfHours; n += 1) {
      const key = `${door}|${n}`;
      const milli = plannable(supplyMilliTouches[place * halfHours + n] ?? 0, offlinePpm[place] ?? 0);
      room.set(key, (room.get(key) ?? 0) + milli);
    }
  });
  return room;
}

const sumsBy = ({ door, halfHour }: PlanAnswer, column: Int32Array): Map<string, number> => {
  const sums = new Map<string, number>();
  column.forEach((each, n) => {
    const key = `${door[n]}|${halfHour[n]}`;
    sums.set(key, (sums.get(key) ?? 0) + each);
  });
  return sums;
};

describe('the cells of a plan', () => {
  it('never take more of a half-hour at a door than it has, and give each what the plan found for it', () => {
    fc.assert(
      fc.property(smallShapes, (shape) => {
        const { inventory, demands } = makeSmallMarket({ ...shape, segments: 1 });
        const { halfHours, placeCommunity: doorOf } = inventory;
        const plan = planCells({ inventory, ...everybody(demands), doorOf, halfHours });
        const room = roomOf(inventory);
        for (const [key, milli] of sumsBy(plan, plan.milliTouches))
          expect(milli).toBeLessThanOrEqual(room.get(key) ?? 0);
        for (const ppm of sumsBy(plan, plan.sharePpm).values()) expect(ppm).toBeLessThanOrEqual(1_000_000);
        const given = new Float64Array(demands.length);
        plan.milliTouches.forEach(
          (milli, n) => (given[plan.demand[n] ?? 0] = (given[plan.demand[n] ?? 0] ?? 0) + milli),
        );
        expect(given).toEqual(plan.deliverable);
        demands.forEach(({ milliTouches }, n) => expect(given[n]).toBeLessThanOrEqual(milliTouches));
      }),
      { numRuns: 60 },
    );
  });

  it('are the same for the same question, and told only as far as they are wanted', () => {
    const { inventory, demands } = makeSmallMarket({ communities: 9, demands: 12, halfHours: 8, segments: 1, seed: 7 });
    const question = { inventory, ...everybody(demands), doorOf: inventory.placeCommunity, halfHours: 8 };
    expect(planCells(question)).toEqual(planCells(question));
    const near = planCells({ ...question, halfHours: 3 });
    expect(Math.max(...near.halfHour)).toBeLessThan(3);
    expect(near.deliverable).toEqual(planCells(question).deliverable);
  });

  it('give a segment what it is owed by the share of each half-hour, as it was sold', () => {
    const { inventory } = makeSmallMarket({ communities: 5, demands: 1, halfHours: 2, segments: 1, seed: 3 });
    const halfHours = 2;
    const supplyMilliTouches = new Int32Array(inventory.placeCommunity.length * halfHours).fill(100_000);
    const whole = { ...inventory, supplyMilliTouches, offlinePpm: new Int32Array(inventory.placeCommunity.length) };
    // Half of the first half-hour are families, and a tenth of the second.
    const worths = {
      segments: 1,
      ppm: Int32Array.of(500_000, 100_000),
      setOf: supplyMilliTouches.map((_, n) => n % 2),
    };
    const schedule = Uint32Array.of(3);
    const demand: Demand = {
      id: 'families',
      milliTouches: 55_000,
      weight: 1,
      places: Int32Array.of(0),
      scheduleOf: Int32Array.of(0),
      schedules: [schedule],
      segments: 1,
      caps: { dayMilliTouches: null, segmentDayMilliTouches: null },
    };
    const sold = { ofMilliTouches: 40_000, lines: [{ band: bandOf(500_000), milliTouches: 80_000 }] };
    const ask = (milliTouches: number) =>
      planCells({
        inventory: whole,
        worths,
        wanted: [{ demand: { ...demand, milliTouches }, segment: 0, sold }],
        doorOf: whole.placeCommunity,
        halfHours,
      });
    expect([...ask(40_000).milliTouches]).toEqual([80_000]);
    // A hedge on top takes the rest of the good half-hour, and then of the poor one.
    const more = ask(55_000);
    expect([...more.milliTouches]).toEqual([100_000, 50_000]);
    expect([...more.deliverable]).toEqual([55_000]);
  });
});
