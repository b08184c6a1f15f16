import type { Inventory } from '../allocation/instance.ts';

/** One tenth of the communities. */
const offlinePart = 0.1;
/** Half-hours that one is away. */
const awayMin = 48;
const awayMax = 96;
/** How much a segment is off there, beside the community. */
const segmentError = 0.5;
/** A day is off everywhere alike, whatever the forecast of the communities is worth. */
const dayError = 0.05;

/** What really happens in a week for which there is a forecast. */
export interface Week {
  /** The forecast. */
  readonly inventory: Inventory;
  /** How many touches come, at `(place × halfHours + halfHour) × segments + segment`. */
  readonly touches: Uint16Array;
  readonly count: number;
  /** When each place is away: from and to, in half-hours; both 0: never. */
  readonly awayFrom: Int32Array;
  readonly awayTo: Int32Array;
}

export interface WeekOptions {
  /** Standard deviation of the logarithm of a community's error; segments are off by half as much. */
  readonly error: number;
  readonly offline: boolean;
  readonly random: () => number;
}

/** A week in which the forecast is off, and touches come one by one. */
export function makeWeek(inventory: Inventory, { error, offline, random }: WeekOptions): Week {
  const { halfHours, segments, communities, placeCommunity, supplyMilliTouches } = inventory;
  const off = (sigma: number) => Math.exp(sigma * gaussian(random) - sigma ** 2 / 2);
  const byCommunity = Float64Array.from({ length: communities }, () => off(error));
  const bySegment = Float64Array.from({ length: communities * segments }, () => off(error * segmentError));
  const byDay = Float64Array.from({ length: Math.ceil(halfHours / 48) }, () => off(dayError));
  const touches = new Uint16Array(supplyMilliTouches.length);
  let count = 0;
  for (let cell = 0; cell < touches.length; cell += 1) {
    const segment = cell % segments;
    const slot = Math.floor(cell / segments);
    const community = placeCommunity[Math.floor(slot / halfHours)] ?? 0;
    const day = byDay[Math.floor((slot % halfHours) / 48)] ?? 1;
    const missed = (byCommunity[community] ?? 1) * (bySegment[community * segments + segment] ?? 1) * day;
    const many = poisson(((supplyMilliTouches[cell] ?? 0) / 1_000) * missed, random);
    touches[cell] = many;
    count += many;
  }
  const places = placeCommunity.length;
  const awayFrom = new Int32Array(places);
  const awayTo = new Int32Array(places);
  for (let place = 0; place < places; place += 1) {
    if (!offline || random() >= offlinePart) continue;
    const long = awayMin + Math.floor(random() * (awayMax - awayMin + 1));
    const from = Math.floor(random() * (halfHours - long));
    awayFrom[place] = from;
    awayTo[place] = from + long;
  }
  return { inventory, touches, count, awayFrom, awayTo };
}

/** How many come where so many are expected (Knuth; in steps, so that the exponential stays in range). */
function poisson(mean: number, random: () => number): number {
  let many = 0;
  for (let left = mean; left > 0; left -= 30) {
    const end = Math.exp(-Math.min(30, left));
    for (let product = random(); product > end; product *= random()) many += 1;
  }
  return many;
}

/** Normally distributed (Box and Muller). */
function gaussian(random: () => number): number {
  return Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
}
