import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { allocate, type Allocation } from './allocation.ts';
import { addHalfHour } from './half-hours.ts';
import { noCaps, type Demand, type Inventory } from './instance.ts';
import { seeded } from './market.fixture.ts';
import { optimum } from './optimum.fixture.ts';
import { alternatives, quote } from './quote.ts';
import { makeDemand, makeSmallMarket, smallShapes } from './small-market.fixture.ts';

/** Two communities with one place each, four half-hours of 10 touches. */
const inventory: Inventory = {
  halfHours: 4,
  segments: 1,
  communities: 2,
  placeCommunity: Int32Array.of(0, 1),
  supplyMilliTouches: new Int32Array(8).fill(10_000),
  offlinePpm: new Int32Array(2),
  localDays: [Int32Array.of(0, 0, 1, 1)],
  communityZone: new Int32Array(2),
};

const hours = (...halfHours: number[]) => {
  const schedule = new Uint32Array(1);
  for (const halfHour of halfHours) addHalfHour(schedule, halfHour);
  return schedule;
};

const demandOf = (id: string, touches: number, places: number[], ...halfHours: number[]): Demand => ({
  id,
  milliTouches: touches * 1_000,
  weight: 1,
  places: Int32Array.from(places),
  scheduleOf: new Int32Array(places.length),
  schedules: [hours(...halfHours)],
  segments: 1,
  caps: noCaps,
});

/** Everything that a merchant could tell apart: flow by flow. */
const stateOf = ({ network }: Allocation) => ({
  flows: [...network.edgeFlow.subarray(0, network.edges)],
  used: [...network.groupUsed.subarray(0, network.groups)],
  nodes: [...network.nodeFlow.subarray(0, network.nodes)],
  legs: [...network.legFirst.subarray(0, network.legs), ...network.legEnd.subarray(0, network.legs)],
});

describe('what each of many half-hours has to spare', () => {
  it('is what a quote of each alone says, and nothing is changed', () => {
    fc.assert(
      fc.property(smallShapes, (shape) => {
        const market = makeSmallMarket(shape);
        const allocation = allocate(market.inventory, market.demands);
        const { halfHours, placeCommunity } = market.inventory;
        const each = Array.from({ length: Math.min(halfHours, 6) }, (_, halfHour) =>
          demandOf(`slot-${halfHour}`, 1_000, [shape.seed % placeCommunity.length], halfHour),
        );
        const before = stateOf(allocation);
        const spare = allocation.spareOfEach(each);
        expect(stateOf(allocation)).toEqual(before);
        expect(spare).toEqual(each.map((one) => quote(allocation, one).availableMilliTouches));
      }),
      { numRuns: 40 },
    );
  });
});

describe('a quote', () => {
  it('moves others out of the way, and takes nothing from them', () => {
    const allocation = allocate(inventory, [
      demandOf('wide', 40, [0], 0, 1, 2, 3),
      demandOf('both', 20, [0, 1], 0, 1, 2),
    ]);
    expect(quote(allocation, demandOf('new', 10, [1], 0))).toMatchObject({ fits: true });
    expect(quote(allocation, demandOf('new', 11, [1], 0))).toMatchObject({
      availableMilliTouches: 10_000,
      fits: false,
    });
    expect(quote(allocation, demandOf('new', 99, [0, 1], 0, 1, 2, 3))).toMatchObject({ availableMilliTouches: 20_000 });
    expect(quote(allocation, demandOf('new', 1, [0], 0, 1, 2, 3))).toMatchObject({ availableMilliTouches: 0 });
  });

  it('is what HiGHS finds on top of what all others have, and changes nothing', async () => {
    await fc.assert(
      fc.asyncProperty(smallShapes, async (shape) => {
        const { inventory, demands } = makeSmallMarket(shape);
        const allocation = allocate(inventory, demands);
        const before = stateOf(allocation);
        const asked = { ...makeDemand(inventory, 1_000, seeded(shape.seed + 1)), weight: 1 };
        const { availableMilliTouches } = quote(allocation, asked);
        expect(stateOf(allocation)).toEqual(before);
        const booked = demands.map((demand) => ({
          ...demand,
          milliTouches: allocation.deliverable(demand.id),
          weight: 1_000,
        }));
        const others = booked.reduce((sum, { milliTouches }) => sum + milliTouches, 0);
        const most = Math.round(await optimum(inventory, [...booked, asked]));
        expect(others * 1_000 + availableMilliTouches).toBe(most);
      }),
      { numRuns: 40 },
    );
  });

  it('holds when it is booked: the demand gets what was quoted and everybody else what they had', () => {
    fc.assert(
      fc.property(smallShapes, (shape) => {
        const { inventory, demands } = makeSmallMarket(shape);
        const allocation = allocate(inventory, demands);
        const had = demands.map(({ id }) => allocation.deliverable(id));
        const asked = makeDemand(inventory, 1_000, seeded(shape.seed + 1));
        const { availableMilliTouches } = quote(allocation, asked);
        allocation.add({ ...asked, milliTouches: availableMilliTouches });
        expect(allocation.deliverable(asked.id)).toBe(availableMilliTouches);
        expect(demands.map(({ id }) => allocation.deliverable(id))).toEqual(had);
      }),
      { numRuns: 40 },
    );
  });

  it('is the same again after a demand has come and gone', () => {
    fc.assert(
      fc.property(smallShapes, (shape) => {
        const { inventory, demands } = makeSmallMarket(shape);
        const allocation = allocate(inventory, demands);
        const random = seeded(shape.seed + 1);
        const asked = makeDemand(inventory, 1_000, random);
        const passing = makeDemand(inventory, 1_001, random);
        const was = () => ({
          weighted: allocation.weighted(),
          quote: quote(allocation, asked),
          groups: Array.from({ length: shape.communities }, (_, c) => [...(allocation.block(c)?.groups.supply ?? [])]),
        });
        const before = was();
        allocation.add({ ...passing, milliTouches: quote(allocation, passing).availableMilliTouches });
        allocation.remove(passing.id);
        expect(was()).toEqual(before);
      }),
      { numRuns: 40 },
    );
  });
});

describe('alternatives, when the answer is no', () => {
  const allocation = allocate(inventory, [demandOf('morning', 20, [0], 0, 1)]);
  const asked = demandOf('new', 15, [0], 0, 1);

  it('are the smallest widening of each kind that fits, and of one that never does what it gives more', () => {
    const found = alternatives(allocation, asked, [
      { kind: 'hours', steps: [demandOf('new', 15, [0], 0, 1, 2), demandOf('new', 15, [0], 0, 1, 2, 3)] },
      { kind: 'communities', steps: [demandOf('new', 15, [0, 1], 0, 1)] },
      { kind: 'days', steps: [demandOf('new', 15, [0], 0, 1, 3)] },
    ]);
    expect(found).toMatchObject([
      { kind: 'hours', step: 1, fits: true },
      { kind: 'communities', step: 0, fits: true },
      { kind: 'days', step: 0, fits: false, availableMilliTouches: 10_000 },
    ]);
  });

  it('leave out what would change nothing', () => {
    expect(
      alternatives(allocation, asked, [
        { kind: 'hours', steps: [asked] },
        { kind: 'days', steps: [] },
      ]),
    ).toEqual([]);
  });
});
