import { invariant } from '@gatecast/firmware-protocol';

/** Bits of a mask of segments that are free of a sign. */
export const segmentsMax = 30;
/** Cells of one community must fit a half-hour's index and an Int32 of milli-touches; nine weeks are more than is sold ahead. */
export const halfHoursMax = 3_024;
/** A group of cells is counted in Int32. */
const groupMilliTouchesMax = 2 ** 31 - 1;

/**
 * What there is to sell: touches to expect, by place, half-hour and segment. All arrays are flat, so that an inventory travels to a worker as it is.
 *
 * A **place** is one placement at one entrance. A **half-hour** is an index from the start of the horizon, aligned to UTC.
 * A **segment** is a part of the audience that the terminal can tell apart when somebody stands there: one for everybody whose segment nobody knows, and one
 * for each list of opted-in residents (the ten of a micro-segment too). What only is a _share_ of the unknown ones is no segment of its own: a play takes the
 * whole touch there and is worth the share (see `segment-lines.ts`). Selling shares as if they were supply would sell the same touch several times.
 */
export interface Inventory {
  readonly halfHours: number;
  readonly segments: number;
  readonly communities: number;
  /** Community of each place, ascending. */
  readonly placeCommunity: Int32Array;
  /** Expected integer milli-touches at `(place × halfHours + halfHour) × segments + segment`; 0: there is no such cell. */
  readonly supplyMilliTouches: Int32Array;
  /** Part of each place's touches, in ppm, that no plan reaches: its terminal is offline and keeps to what it has. */
  readonly offlinePpm: Int32Array;
  /** Local calendar day of each half-hour, an index ascending from 0, by zone. Caps count by it. */
  readonly localDays: readonly Int32Array[];
  /** Index into `localDays` of each community. */
  readonly communityZone: Int32Array;
}

/** At most so many milli-touches of one demand in one community on one local day; in all, and of each segment. Null: no such cap. */
export interface DemandCaps {
  readonly dayMilliTouches: number | null;
  readonly segmentDayMilliTouches: number | null;
  /** By community, what of the first local day's cap is taken already: it has been shown, or is on its way. */
  readonly usedFirstDay?: ReadonlyMap<number, number>;
}

export const noCaps: DemandCaps = { dayMilliTouches: null, segmentDayMilliTouches: null };

/** Weights are whole numbers from here on: who weighs this displaces nobody. */
export const weightMin = 1;

/** What one line item is to get. */
export interface Demand {
  readonly id: string;
  /** Whole touches taken, in integer milli-touches. */
  readonly milliTouches: number;
  /** What a milli-touch is worth beside those of others: a positive integer, e.g. its price. Equal worth is one class. */
  readonly weight: number;
  /** Places where it may play, ascending. */
  readonly places: Int32Array;
  /** For each of `places`, which of `schedules` holds there. */
  readonly scheduleOf: Int32Array;
  /** Sets of half-hours, one bit each (`scheduleOf` in half-hours.ts makes them). */
  readonly schedules: readonly Uint32Array[];
  /** Bit k: people of segment k will do. */
  readonly segments: number;
  readonly caps: DemandCaps;
}

/** Throws InvariantError for an inventory whose arrays do not fit each other. */
export function checkInventory(inventory: Inventory): void {
  const { halfHours, segments, communities, placeCommunity, supplyMilliTouches, offlinePpm } = inventory;
  const places = placeCommunity.length;
  invariant(halfHours >= 1 && halfHours <= halfHoursMax, `a horizon has 1 to ${halfHoursMax} half-hours`);
  invariant(segments >= 1 && segments <= segmentsMax, `an inventory has 1 to ${segmentsMax} segments`);
  invariant(supplyMilliTouches.length === places * halfHours * segments, 'each cell has its supply');
  invariant(offlinePpm.length === places, 'each place has its offline share');
  invariant(inventory.communityZone.length === communities, 'each community has its zone');
  invariant(
    placeCommunity.every((c, n) => c < communities && c >= (placeCommunity[n - 1] ?? 0)),
    'places stand in the order of their communities',
  );
  invariant(
    inventory.communityZone.every((zone) => inventory.localDays[zone]?.length === halfHours),
    'each zone has the local day of each half-hour',
  );
  invariant(
    supplyMilliTouches.every((milli) => milli >= 0),
    'no supply is negative',
  );
  invariant(
    offlinePpm.every((ppm) => ppm >= 0 && ppm <= 1_000_000),
    'an offline share lies between nothing and all',
  );
}

/** Throws InvariantError for a demand that does not fit the inventory. */
export function checkDemand({ halfHours, placeCommunity }: Inventory, demand: Demand): void {
  const { id, places, scheduleOf, schedules, caps } = demand;
  invariant(Number.isSafeInteger(demand.milliTouches) && demand.milliTouches >= 0, `${id}: demand is a whole number`);
  invariant(
    Number.isSafeInteger(demand.weight) && demand.weight >= weightMin,
    `${id}: weight is a positive whole number`,
  );
  invariant(scheduleOf.length === places.length, `${id}: each place has its schedule`);
  invariant(
    places.every((place, n) => place > (places[n - 1] ?? -1) && place < placeCommunity.length),
    `${id}: places are those of the inventory, in order and once`,
  );
  invariant(
    scheduleOf.every((schedule) => schedules[schedule]?.length === wordsOf(halfHours)),
    `${id}: each schedule has a bit for each half-hour`,
  );
  invariant(
    [caps.dayMilliTouches, caps.segmentDayMilliTouches].every(
      (cap) => cap === null || (Number.isSafeInteger(cap) && cap >= 0),
    ),
    `${id}: caps are whole numbers`,
  );
}

/** 32-bit words of a set of half-hours. */
export const wordsOf = (halfHours: number): number => (halfHours + 31) >> 5;

export const cellIndex = (
  { halfHours, segments }: Inventory,
  place: number,
  halfHour: number,
  segment: number,
): number => (place * halfHours + halfHour) * segments + segment;

/** What a plan can reach of a cell. */
export function plannable(supplyMilliTouches: number, offlinePpm: number): number {
  return Math.floor((supplyMilliTouches * (1_000_000 - offlinePpm)) / 1_000_000);
}

/** First place of each community, and one past the last place of the last one. */
export function placeRanges({ communities, placeCommunity }: Inventory): Int32Array {
  const first = new Int32Array(communities + 1);
  for (const community of placeCommunity) first[community + 1] = (first[community + 1] ?? 0) + 1;
  for (let c = 0; c < communities; c += 1) first[c + 1] = (first[c + 1] ?? 0) + (first[c] ?? 0);
  return first;
}

/**
 * What is counted of a group's supply. Of one that has more than an Int32 holds so much is for sale, two million touches of one community: nobody is sold what is
 * not there, and one community that is too large, or a question for too many of its days, is no reason to answer nobody.
 */
export const supplyCounted = (milliTouches: number): number => Math.min(milliTouches, groupMilliTouchesMax);
