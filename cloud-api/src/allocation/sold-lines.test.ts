import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { addHalfHour } from './half-hours.ts';
import { noCaps, type Demand, type Inventory } from './instance.ts';
import { smooth } from './plan.ts';
import { LineAllocation, type Wanted, type Worths } from './sold-lines.ts';

const halfHours = 8;

/** Communities of one place each, all of whose half-hours have so many touches. */
const inventoryOf = (supply: readonly number[]): Inventory => ({
  halfHours,
  segments: 1,
  communities: supply.length / halfHours,
  placeCommunity: Int32Array.from({ length: supply.length / halfHours }, (_, n) => n),
  supplyMilliTouches: Int32Array.from(supply),
  offlinePpm: new Int32Array(supply.length / halfHours),
  localDays: [Int32Array.from({ length: halfHours }, (_, n) => Math.floor(n / 4))],
  communityZone: new Int32Array(supply.length / halfHours),
});

/** Of each half-hour the shares of families and of the elderly, one set a cell. */
const worthsOf = (shares: readonly (readonly [number, number])[]): Worths => ({
  setOf: Int32Array.from(shares.keys()),
  ppm: Int32Array.from(shares.flat()),
  segments: 2,
});

interface Asking {
  readonly segment: number | null;
  readonly touches: number;
  readonly weight?: number;
  readonly places?: readonly number[];
  readonly hours?: readonly number[];
  readonly dayCap?: number | null;
}

const all = Array.from({ length: halfHours }, (_, n) => n);

function wanted(
  id: string,
  { segment, touches, weight = 1, places = [0], hours = all, dayCap = null }: Asking,
): Wanted {
  const schedule = new Uint32Array(1);
  for (const hour of hours) addHalfHour(schedule, hour);
  const demand: Demand = {
    id,
    milliTouches: touches * 1_000,
    weight,
    places: Int32Array.from(new Set(places)).sort(),
    scheduleOf: new Int32Array(new Set(places)).fill(0),
    schedules: [schedule],
    segments: 1,
    caps: dayCap === null ? noCaps : { dayMilliTouches: dayCap * 1_000, segmentDayMilliTouches: null },
  };
  return { demand, segment, sold: null };
}

/** Sells it if all of it is there; gives what was sold. */
function sell(lines: LineAllocation, one: Wanted): Wanted | undefined {
  const found = lines.quote(one);
  if (!found.fits) return undefined;
  const sold = { ...one, sold: found.sold };
  lines.put([sold], []);
  return sold;
}

/** What a plan gives each line item, counted by the true share of each half-hour that it plays in, and how much of each cell it takes. */
function playedBy(lines: LineAllocation, sold: readonly Wanted[], worths: Worths) {
  const plan = smooth(lines.allocation);
  const owner = new Map(sold.flatMap((one) => lines.linesOf(one.demand.id).map(({ id }) => [id, one])));
  const worth = new Map<string, number>();
  const taken = new Map<number, number>();
  for (let place = 0; place < lines.allocation.inventory.communities; place += 1)
    for (const { halfHour, entries } of plan.cellsOf(place))
      for (const { id, milliTouches } of entries) {
        const one = owner.get(id);
        const cell = place * halfHours + halfHour;
        taken.set(cell, (taken.get(cell) ?? 0) + milliTouches);
        const ppm = one?.segment === null ? 1_000_000 : (worths.ppm[cell * 2 + (one?.segment ?? 0)] ?? 0);
        const name = one?.demand.id ?? '';
        worth.set(name, (worth.get(name) ?? 0) + (milliTouches * ppm) / 1_000_000);
      }
  return { worth, taken };
}

const cells = 3 * halfHours;
const market = fc.record({
  supply: fc.array(fc.integer({ min: 0, max: 60_000 }), { minLength: cells, maxLength: cells }),
  shares: fc.array(fc.tuple(fc.integer({ min: 0, max: 700_000 }), fc.integer({ min: 0, max: 300_000 })), {
    minLength: cells,
    maxLength: cells,
  }),
  asked: fc.array(
    fc.record({
      segment: fc.constantFrom(null, 0, 1),
      touches: fc.integer({ min: 1, max: 60 }),
      weight: fc.integer({ min: 1, max: 4 }),
      places: fc.uniqueArray(fc.constantFrom(0, 1, 2), { minLength: 1 }),
      hours: fc.uniqueArray(fc.integer({ min: 0, max: halfHours - 1 }), { minLength: 1 }),
      dayCap: fc.option(fc.integer({ min: 5, max: 40 }), { freq: 5 }),
    }),
    { minLength: 1, maxLength: 14 },
  ),
});

describe('line items of segments and of everybody, sold one after the other', () => {
  it('all get what was promised in whatever hours the plan puts them, and no touch is there twice', () => {
    fc.assert(
      fc.property(market, ({ supply, shares, asked }) => {
        const worths = worthsOf(shares);
        const lines = new LineAllocation(inventoryOf(supply), worths, []);
        const sold = asked.flatMap((one, n) => sell(lines, wanted(`line-${n}`, one)) ?? []);
        // Another process, which has only heard of what was sold, finds room for all of it too.
        for (const state of [lines, new LineAllocation(inventoryOf(supply), worths, sold)]) {
          for (const { demand } of sold) expect(state.deliverable(demand.id)).toBe(demand.milliTouches);
          const { worth, taken } = playedBy(state, sold, worths);
          for (const [cell, milli] of taken) expect(milli).toBeLessThanOrEqual(supply[cell] ?? 0);
          for (const { demand } of sold)
            expect(worth.get(demand.id) ?? 0).toBeGreaterThanOrEqual(demand.milliTouches - 1);
        }
      }),
      { numRuns: 80 },
    );
  });

  it('are told as much as there is: nothing that is refused would have fitted, but for the width of a band', () => {
    fc.assert(
      fc.property(market, ({ supply, shares }) => {
        const worths = worthsOf(shares);
        const lines = new LineAllocation(inventoryOf(supply), worths, []);
        const asked = wanted('all', { segment: 0, touches: 100_000, places: [0, 1, 2] });
        const { availableMilliTouches } = lines.quote(asked);
        const there = supply.reduce((sum, milli, cell) => sum + (milli * (shares[cell]?.[0] ?? 0)) / 1_000_000, 0);
        expect(availableMilliTouches).toBeLessThanOrEqual(there);
        expect(availableMilliTouches).toBeGreaterThanOrEqual(there * 0.95 - cells);
      }),
      { numRuns: 50 },
    );
  });
});

describe('wider wishes', () => {
  it('are answered together as each would be alone, and change nothing', () => {
    const kinds = ['hours', 'places'] as const;
    fc.assert(
      fc.property(market, fc.constantFrom(null, 0, 1), ({ supply, shares, asked }, segment) => {
        const worths = worthsOf(shares);
        const lines = new LineAllocation(inventoryOf(supply), worths, []);
        for (const [n, one] of asked.entries()) sell(lines, wanted(`line-${n}`, one));
        const dayCap = asked[0]?.dayCap ?? null;
        const step = (places: number[], hours: number[]) =>
          wanted('wish', { segment, touches: 90, places, hours, dayCap });
        const steps = {
          hours: [2, 5, 8].map((count) => step([0], all.slice(0, count))),
          places: [[0], [0, 1], [0, 1, 2]].map((places) => step(places, all.slice(0, 2))),
        };
        const told = lines.alternatives(
          0,
          kinds.map((kind) => ({ kind, steps: steps[kind] })),
        );
        for (const { kind, step: n, ...found } of told) {
          const one = steps[kind][n];
          if (one) expect(found).toEqual(lines.quote(one));
        }
        for (const kind of kinds) {
          const fits = steps[kind].map((one) => lines.quote(one).fits);
          const found = told.find((one) => one.kind === kind);
          if (fits.includes(true)) expect(found?.fits).toBe(true);
        }
      }),
      { numRuns: 60 },
    );
  });
});

/** Families are four of five at first and one of five later. */
const two = () => {
  const worths = worthsOf(all.map((n) => (n === 0 ? [800_000, 0] : n === 1 ? [200_000, 0] : [0, 0])));
  return { worths, inventory: inventoryOf([100_000, 100_000, 0, 0, 0, 0, 0, 0]) };
};

describe('what is sold of a segment', () => {
  it('keeps its good hour when somebody else could have had either', () => {
    const { inventory, worths } = two();
    const lines = new LineAllocation(inventory, worths, []);
    const toys = sell(lines, wanted('toys', { segment: 0, touches: 80 }));
    expect(toys?.sold?.lines.map(({ milliTouches }) => milliTouches)).toEqual([100_000]);
    // A mean share of one half would have let the other hour make up for it.
    expect(lines.quote(wanted('everybody', { segment: null, touches: 150 }))).toMatchObject({
      fits: false,
      availableMilliTouches: 100_000,
    });
  });

  it('is spread evenly over hours of about the same worth, as long as they leave it room', () => {
    const worths = worthsOf(all.map((n) => [n < 4 ? 500_000 : 400_000, 0]));
    const lines = new LineAllocation(inventoryOf(all.map(() => 100_000)), worths, []);
    const { sold } = lines.quote(wanted('toys', { segment: 0, touches: 90 }));
    // The better hours alone have more than twice as many.
    expect(sold?.lines.map(({ milliTouches }) => milliTouches)).toEqual([180_000]);
    const wide = lines.quote(wanted('wide', { segment: 0, touches: 180 }));
    expect(wide.sold?.lines).toHaveLength(2);
  });

  it('finds other hours when its own are over', () => {
    const { inventory, worths } = two();
    const lines = new LineAllocation(inventory, worths, []);
    const toys = sell(lines, wanted('toys', { segment: 0, touches: 10 }));
    if (!toys) throw new Error('there is room');
    const later = wanted('toys', { segment: 0, touches: 10, hours: [1] });
    const now = new LineAllocation(inventory, worths, [{ ...later, sold: toys.sold }]);
    expect(now.deliverable('toys')).toBe(10_000);
    expect(playedBy(now, [later], worths).taken.get(1)).toBe(50_000);
  });

  it('finds room in its poorest hour too when all better ones have become full', () => {
    const worths = worthsOf(all.map((n) => [800_000 - n * 100_000, 0]));
    const supply = all.map(() => 10_000);
    const dear = wanted('everybody', { segment: null, touches: 70, weight: 9, hours: all.slice(0, 7) });
    const toys = wanted('toys', { segment: 0, touches: 1 });
    const lines = new LineAllocation(inventoryOf(supply), worths, [dear, toys]);
    expect(lines.deliverable('toys')).toBe(1_000);
    expect([...playedBy(lines, [toys], worths).taken].filter(([cell]) => cell === 7)).toEqual([[7, 10_000]]);
  });

  it('takes no more of a day than it may, whatever a touch counts for in it', () => {
    const worths = worthsOf(all.map((n) => [n % 2 === 0 ? 500_000 : 250_000, 0]));
    const lines = new LineAllocation(inventoryOf(all.map(() => 100_000)), worths, []);
    const quoted = lines.quote(wanted('toys', { segment: 0, touches: 100, dayCap: 20 }));
    expect(quoted).toMatchObject({ fits: false, availableMilliTouches: 40_000 });
    const sold = sell(lines, wanted('toys', { segment: 0, touches: 40, dayCap: 20 }));
    const { taken } = playedBy(lines, sold ? [sold] : [], worths);
    const ofDay = (day: number) =>
      [...taken].reduce((sum, [cell, milli]) => (Math.floor(cell / 4) === day ? sum + milli / 2 : sum), 0);
    expect([ofDay(0), ofDay(1)].every((milli) => milli <= 20_000)).toBe(true);
  });

  it('gives way to what is dearer when less comes than was expected', () => {
    const { worths } = two();
    const toys = { ...wanted('toys', { segment: 0, touches: 40, weight: 10 }), sold: null };
    const cheap = wanted('everybody', { segment: null, touches: 100, weight: 1 });
    const lines = new LineAllocation(inventoryOf([100_000, 0, 0, 0, 0, 0, 0, 0]), worths, [toys, cheap]);
    expect(lines.deliverable('toys')).toBe(40_000);
    expect(lines.deliverable('everybody')).toBe(50_000);
  });
});
