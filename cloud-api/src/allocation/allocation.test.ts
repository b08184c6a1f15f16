import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { allocate } from './allocation.ts';
import { seeded } from './market.fixture.ts';
import { optimum } from './optimum.fixture.ts';
import { highWaterMark, weightOf } from './field-rules.fixture.ts';
import { noCaps, type Demand, type Inventory } from './instance.ts';
import { addHalfHour } from './half-hours.ts';
import { upperBound } from './upper-bound.fixture.ts';
import { quote } from './quote.ts';
import { makeDemand, makeSmallMarket, smallShapes } from './small-market.fixture.ts';

describe('what demands can get together', () => {
  it('is all that HiGHS finds there is, with windows of any shape, empty cells, equal weights, micro-segments and caps', async () => {
    await fc.assert(
      fc.asyncProperty(smallShapes, async (shape) => {
        const { inventory, demands } = makeSmallMarket(shape);
        const allocation = allocate(inventory, demands);
        expect(allocation.weighted()).toBe(Math.round(await optimum(inventory, demands)));
        // And it can be proved without a solver.
        expect(upperBound(allocation)).toBe(allocation.weighted());
      }),
      { numRuns: 40 },
    );
  });

  it('stays at the optimum while demands come, go, grow and shrink and the forecast moves', async () => {
    await fc.assert(
      fc.asyncProperty(smallShapes, async (shape) => {
        const { inventory, demands } = makeSmallMarket(shape);
        const allocation = allocate(inventory, demands);
        const random = seeded(shape.seed + 1);
        const below = (n: number) => Math.floor(random() * n);
        for (let step = 0; step < 12; step += 1) {
          const ids = allocation.ids();
          const id = ids[below(ids.length)] ?? '';
          // Whoever asks in between leaves behind what is known to be full; every change has to forget it in time.
          quote(allocation, makeDemand(inventory, 2_000, random));
          const kind = below(4);
          if (kind === 0) allocation.add(makeDemand(inventory, 1_000 + step, random));
          else if (kind === 1 && ids.length > 1) allocation.remove(id);
          else if (kind === 2) allocation.change(id, below(100_000));
          else
            allocation.setSupply(
              below(inventory.placeCommunity.length),
              below(shape.halfHours),
              below(shape.segments),
              below(50_000),
            );
        }
        const now = allocation.ids().map((each) => allocation.demand(each));
        expect(allocation.weighted()).toBe(Math.round(await optimum(inventory, now)));
      }),
      { numRuns: 30 },
    );
  });
});

/** One community, one place, and half-hours with so many touches each. */
const place = (...touches: number[]): Inventory => ({
  halfHours: touches.length,
  segments: 1,
  communities: 1,
  placeCommunity: Int32Array.of(0),
  supplyMilliTouches: Int32Array.from(touches, (each) => each * 1_000),
  offlinePpm: Int32Array.of(0),
  localDays: [Int32Array.from(touches, () => 0)],
  communityZone: Int32Array.of(0),
});

const wants = (id: string, touches: number, halfHours: number[], over: Partial<Demand> = {}): Demand => {
  const schedule = new Uint32Array(1);
  for (const halfHour of halfHours) addHalfHour(schedule, halfHour);
  const where = { places: Int32Array.of(0), scheduleOf: Int32Array.of(0), schedules: [schedule] };
  return { id, milliTouches: touches * 1_000, weight: 1, ...where, segments: 1, caps: noCaps, ...over };
};

describe('the trap of the high-water mark', () => {
  /**
   * Ten touches at seven, ten at half past, ten at eight. The bakery wants ten of the first two, the pharmacy all of the last two. The bakery has the smaller
   * audience and so its turn is first; at one rate over its whole audience it takes five and five, and five of the pharmacy's are gone for good. All thirty
   * could be sold: the bakery has to be at seven only, which no rate says.
   */
  const morning = place(10, 10, 11);
  const [bakery, pharmacy] = [wants('bakery', 10, [0, 1]), wants('pharmacy', 20, [1, 2])];

  it('loses four touches of thirty to the even hand that it serves the scarcest with, and the flow none', () => {
    const allocation = allocate(morning, [bakery, pharmacy]);
    expect(weightOf(allocation, highWaterMark(allocation))).toBeCloseTo(26_000, 0);
    expect(allocation.weighted()).toBe(30_000);
    expect([allocation.deliverable('bakery'), allocation.deliverable('pharmacy')]).toEqual([10_000, 20_000]);
  });
});

describe('a demand', () => {
  it('that weighs more has what it wants before others, who keep whatever it can do without', () => {
    const cheap = wants('cheap', 20, [0, 1]);
    const allocation = allocate(place(10, 10), [cheap]);
    expect(allocation.add(wants('dear', 8, [0], { weight: 3 }))).toBe(8_000);
    expect(allocation.deliverable('cheap')).toBe(12_000);
    allocation.remove('dear');
    expect(allocation.deliverable('cheap')).toBe(20_000);
  });

  it('of an amount that is no whole number is a bug that ends at once, instead of a search that never does', () => {
    const allocation = allocate(place(10, 10), [wants('half', 5, [0, 1])]);
    const [root = -1] = allocation.roots();
    allocation.network.nodeCap[root] = 5_000.5;
    expect(() => allocation.refill()).toThrow('whole milli-touches');
  });

  it('has no more of a day than its cap, and no more of a segment than the cap of that', () => {
    const capped = wants('capped', 99, [0, 1], { caps: { dayMilliTouches: 12_000, segmentDayMilliTouches: null } });
    expect(allocate(place(10, 10), [capped]).deliverable('capped')).toBe(12_000);
    const nested = { ...capped, caps: { dayMilliTouches: 12_000, segmentDayMilliTouches: 7_000 } };
    expect(allocate(place(10, 10), [nested]).deliverable('capped')).toBe(7_000);
  });

  it('for ten people finds the ten, wherever they are, and nobody else', () => {
    // Segment 0 is everybody whose segment nobody knows, segment 1 the ten of the list.
    const inventory = { ...place(0, 0), segments: 2, supplyMilliTouches: Int32Array.of(90_000, 6_000, 80_000, 4_000) };
    const ten = wants('ten', 99, [0, 1], { segments: 0b10 });
    const dear = { ...ten, weight: 2 };
    expect(allocate(inventory, [wants('all', 99, [0], { segments: 0b11 }), dear]).deliverable('ten')).toBe(10_000);
    expect(allocate(inventory, [wants('all', 90, [0], { segments: 0b11 }), ten]).deliverable('ten')).toBe(10_000);
  });

  it('has nothing of terminals that are offline', () => {
    const inventory = { ...place(10, 10), offlinePpm: Int32Array.of(250_000) };
    expect(allocate(inventory, [wants('one', 99, [0, 1])]).deliverable('one')).toBe(15_000);
  });

  it('that does not fit the inventory is refused before it does harm', () => {
    const allocation = allocate(place(10), [wants('one', 5, [0])]);
    expect(() => allocation.add(wants('one', 5, [0]))).toThrow('added once');
    expect(() => allocation.add(wants('two', 0.0005, [0]))).toThrow('whole number');
    expect(() => allocation.add(wants('two', 5, [0], { places: Int32Array.of(7) }))).toThrow('places');
    expect(() => allocation.remove('three')).toThrow('no demand');
    expect(() => allocation.addAll([wants('two', 5, [0]), wants('two', 1, [0])])).toThrow('added once');
    expect(() => allocation.rehearse(() => allocation.remove('one'))).toThrow('rehearsal');
    expect([allocation.ids(), allocation.deliverable('one')]).toEqual([['one'], 5_000]);
  });
});

it('finds a way that leads through every community of a road', () => {
  // A store at each, whose campaign wants its own community and the next; all are full but the last one.
  const communities = 3_000;
  const inventory = {
    ...place(1),
    communities,
    placeCommunity: Int32Array.from({ length: communities }, (_, n) => n),
    supplyMilliTouches: new Int32Array(communities).fill(1_000),
    offlinePpm: new Int32Array(communities),
    communityZone: new Int32Array(communities),
  };
  const at = (...places: number[]) => ({ places: Int32Array.from(places), scheduleOf: new Int32Array(places.length) });
  const stores = Array.from({ length: communities - 1 }, (_, n) => wants(`store-${n}`, 1, [0], at(n, n + 1)));
  const allocation = allocate(inventory, stores);
  // Who comes last wants the first one, whoever has it has to move on by one, and so on to the end.
  expect(allocation.add(wants('last', 1, [0], at(0)))).toBe(1_000);
  expect(allocation.weighted()).toBe(communities * 1_000);
});

it('is allocated from cells that no two communities share, however often demands come and go', () => {
  const { inventory, demands } = makeSmallMarket({ communities: 20, demands: 30, halfHours: 12, segments: 3, seed: 5 });
  const allocation = allocate(inventory, demands);
  const [weighted, random] = [allocation.weighted(), seeded(5)];
  // Long enough for the room that changes leave behind to be given back several times over.
  for (let n = 0; n < 2_000; n += 1) {
    allocation.add({ ...makeDemand(inventory, 1_000 + n, random), weight: 1 });
    allocation.remove(`demand-${1_000 + n}`);
  }
  expect(allocation.weighted()).toBe(weighted);
  expect(allocation.network.edges).toBeLessThan(200_000);
});
