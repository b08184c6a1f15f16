import fc from 'fast-check';
import { seeded } from './market.fixture.ts';
import { addHalfHour, hasHalfHour } from './half-hours.ts';
import { noCaps, placeRanges, plannable, wordsOf, type Demand, type Inventory } from './instance.ts';

export interface SmallMarket {
  readonly inventory: Inventory;
  readonly demands: Demand[];
}

export interface SmallShape {
  readonly communities: number;
  readonly demands: number;
  readonly halfHours: number;
  readonly segments: number;
  readonly seed: number;
}

export const smallShapes: fc.Arbitrary<SmallShape> = fc.record({
  communities: fc.integer({ min: 5, max: 60 }),
  demands: fc.integer({ min: 1, max: 40 }),
  halfHours: fc.integer({ min: 1, max: 12 }),
  segments: fc.integer({ min: 1, max: 4 }),
  seed: fc.integer({ min: 0, max: 2 ** 31 }),
});

/**
 * A market small enough for a solver: communities with one or two places, a third of the cells empty, some of ten people, windows of any shape, weights that are
 * often equal, caps on some, and much more wanted than there is in the middle of it.
 */
export function makeSmallMarket(shape: SmallShape): SmallMarket {
  const random = seeded(shape.seed);
  const below = (n: number) => Math.floor(random() * n);
  const placeCommunity = Int32Array.from(
    Array.from({ length: shape.communities }, (_, c) => Array.from({ length: 1 + below(2) }, () => c)).flat(),
  );
  const cells = placeCommunity.length * shape.halfHours * shape.segments;
  const inventory: Inventory = {
    halfHours: shape.halfHours,
    segments: shape.segments,
    communities: shape.communities,
    placeCommunity,
    supplyMilliTouches: Int32Array.from({ length: cells }, () => [0, below(1_500), below(40_000)][below(3)] ?? 0),
    offlinePpm: Int32Array.from(placeCommunity, () => (random() < 0.2 ? below(1_000_001) : 0)),
    localDays: [
      Int32Array.from({ length: shape.halfHours }, (_, n) => Math.floor(n / 4)),
      Int32Array.from({ length: shape.halfHours }, (_, n) => Math.floor((n + 2) / 4)),
    ],
    communityZone: Int32Array.from({ length: shape.communities }, () => below(2)),
  };
  const demands = Array.from({ length: shape.demands }, (_, n) => makeDemand(inventory, n, random));
  return { inventory, demands };
}

export function makeDemand(inventory: Inventory, n: number, random: () => number): Demand {
  const below = (limit: number) => Math.floor(random() * limit);
  const { halfHours, segments, placeCommunity, communities } = inventory;
  const first = below(communities);
  const reach = 1 + below(Math.min(6, communities));
  const places = Int32Array.from(
    [...placeCommunity.keys()].filter((place) => {
      const community = placeCommunity[place] ?? 0;
      return (community - first + communities) % communities < reach && (random() < 0.9 || community === first);
    }),
  );
  const schedules = Array.from({ length: 1 + below(2) }, () => {
    const schedule = new Uint32Array(wordsOf(halfHours));
    const from = below(halfHours);
    const length = 1 + below(halfHours);
    for (let k = 0; k < length; k += 1) if (random() < 0.9) addHalfHour(schedule, (from + k) % halfHours);
    return schedule;
  });
  const cap = () => (random() < 0.5 ? below(30_000) : null);
  return {
    id: `demand-${n}`,
    milliTouches: below(60_000 * reach),
    weight: [1, 1, 2, 3, 50][below(5)] ?? 1,
    places,
    scheduleOf: Int32Array.from(places, () => below(schedules.length)),
    schedules,
    segments: random() < 0.4 ? (1 << segments) - 1 : 1 + below((1 << segments) - 1),
    caps: random() < 0.3 ? { dayMilliTouches: cap(), segmentDayMilliTouches: cap() } : noCaps,
  };
}

/** What of cells, demands, caps and whole numbers is not kept; null: all of it is. `given` is by cell, as a plan tells it. */
export function faultOf(
  { inventory, demands }: SmallMarket,
  given: Iterable<{ place: number; halfHour: number; segment: number; id: string; milliTouches: number }>,
): string | null {
  const cells = new Map<number, number>();
  const sums = new Map<string, number>();
  const ranges = placeRanges(inventory);
  const add = (key: string, milli: number, bound: number | null): boolean => {
    const sum = (sums.get(key) ?? 0) + milli;
    sums.set(key, sum);
    return bound === null || sum <= bound;
  };
  const byId = new Map(demands.map((demand) => [demand.id, demand]));
  for (const { place, halfHour, segment, id, milliTouches } of given) {
    const demand = byId.get(id);
    const n = demand?.places.indexOf(place) ?? -1;
    const schedule = demand?.schedules[demand.scheduleOf[n] ?? -1];
    if (!demand || !schedule || !hasHalfHour(schedule, halfHour)) return `${id} was not to play there`;
    if (((demand.segments >>> segment) & 1) === 0) return `${id} was not for segment ${segment}`;
    if (!Number.isSafeInteger(milliTouches) || milliTouches < 0) return `${milliTouches} is no amount`;
    const cell = (place * inventory.halfHours + halfHour) * inventory.segments + segment;
    cells.set(cell, (cells.get(cell) ?? 0) + milliTouches);
    const bound = plannable(inventory.supplyMilliTouches[cell] ?? 0, inventory.offlinePpm[place] ?? 0);
    if ((cells.get(cell) ?? 0) > bound) return `cell ${cell} has ${bound} and gave more`;
    const community = inventory.placeCommunity[place] ?? 0;
    if (place < (ranges[community] ?? 0)) return 'places are out of order';
    const day = inventory.localDays[inventory.communityZone[community] ?? 0]?.[halfHour] ?? 0;
    if (!add(id, milliTouches, demand.milliTouches)) return `${id} got more than it asked for`;
    if (!add(`${id} ${community} ${day}`, milliTouches, demand.caps.dayMilliTouches)) return `${id}: day cap`;
    if (!add(`${id} ${community} ${day} ${segment}`, milliTouches, demand.caps.segmentDayMilliTouches))
      return `${id}: segment's cap`;
  }
  return null;
}
