import { addHalfHour } from './half-hours.ts';
import { noCaps, wordsOf, type Demand, type Inventory } from './instance.ts';

/** What a made-up market is like. */
export interface MarketShape {
  readonly communities: number;
  /** Default: three a community. */
  readonly campaigns?: number;
  /** What campaigns ask for, of all there is. */
  readonly demandShare?: number;
  readonly seed?: number;
}

export interface Market {
  readonly inventory: Inventory;
  readonly demands: Demand[];
  /** One more of the same kind, each time another: up to a fifth of what it could have alone. */
  readonly asked: () => Demand;
}

/** Numbers from 0 to below 1, the same for the same seed (mulberry32). */
export function seeded(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

const halfHours = 7 * 48;
const daysOfWeek = [0, 1, 2, 3, 4, 5, 6];
/** Parents, office, elderly, teenagers, others; the sixth is a list of ten people a community. */
const shares = [0.22, 0.36, 0.2, 0.1, 0.12];
const segments = shares.length + 1;
const micro = shares.length;
const people = { mean: 1_000, sigma: 0.5, micro: 10 };
const touchesOfPerson = { weekday: 2.08, weekend: 1.8 };
const weights = [100, 150, 200, 300];
const wish = { sigma: 0.5, ofEligibleMax: 0.7 };

/**
 * A market as the network whose founder gave the figures of 2019 had it: communities of about a thousand people who pass twice a day, mornings from seven to nine
 * and evenings from half past four to nine; campaigns for the five to twenty communities around a store, most of them for the peaks.
 */
export function makeMarket({
  communities,
  campaigns = communities * 3,
  demandShare = 0.85,
  seed = 1,
}: MarketShape): Market {
  const random = seeded(seed);
  const inventory = makeInventory(communities, random);
  const near = nearest(communities, random);
  const demands = Array.from({ length: campaigns }, (_, n) => makeDemand(n, near, random));
  const sold = withAmounts(inventory, demands, demandShare, random);
  const asked = () => {
    const one = makeDemand(0, near, random);
    return { ...one, id: 'asked', milliTouches: Math.ceil(eligible(inventory, one) * 0.2 * random()) };
  };
  return { inventory, demands: sold, asked };
}

function makeInventory(communities: number, random: () => number): Inventory {
  const supplyMilliTouches = new Int32Array(communities * halfHours * segments);
  const curves = shares.map((_, segment) => dayCurve(segment));
  for (let community = 0; community < communities; community += 1) {
    const size = people.mean * Math.exp(people.sigma * gaussian(random) - people.sigma ** 2 / 2);
    for (let segment = 0; segment < segments; segment += 1)
      for (let at = 0; at < halfHours; at += 1) {
        const touches = at >= 5 * 48 ? touchesOfPerson.weekend : touchesOfPerson.weekday;
        const many = segment === micro ? people.micro : size * (shares[segment] ?? 0);
        const part = (curves[segment % shares.length] ?? [])[at % 48] ?? 0;
        supplyMilliTouches[(community * halfHours + at) * segments + segment] = Math.floor(
          many * touches * part * 1_000,
        );
      }
  }
  return {
    halfHours,
    segments,
    communities,
    placeCommunity: Int32Array.from({ length: communities }, (_, n) => n),
    supplyMilliTouches,
    offlinePpm: new Int32Array(communities),
    localDays: [Int32Array.from({ length: halfHours }, (_, n) => Math.floor(n / 48))],
    communityZone: new Int32Array(communities),
  };
}

/** Of a day's touches of a segment, the part in each half-hour: two peaks, for each segment a little earlier or later, and nobody in the depth of the night. */
function dayCurve(segment: number): number[] {
  const shift = [0, 0.5, 1, -0.5, 0.25][segment] ?? 0;
  const peak = (hour: number, centre: number, width: number) => Math.exp(-(((hour - centre) / width) ** 2));
  const curve = Array.from({ length: 48 }, (_, n) => {
    const hour = n / 2 + 0.25;
    const day = hour >= 6 && hour < 23.5 ? 0.12 : hour < 1 ? 0.02 : 0;
    return day + peak(hour, 8 + shift, 0.8) + 0.9 * peak(hour, 18.5 + shift, 1.6);
  });
  const sum = curve.reduce((a, b) => a + b, 0);
  return curve.map((each) => each / sum);
}

/** The twenty communities around each, itself first, on a plane. */
function nearest(communities: number, random: () => number): Int32Array[] {
  const at = Array.from({ length: communities }, () => [random(), random()] as const);
  return at.map(([x, y]) => {
    const away = Float64Array.from(at, ([u, v]) => (u - x) ** 2 + (v - y) ** 2);
    return Int32Array.from(away.keys())
      .sort((a, b) => (away[a] ?? 0) - (away[b] ?? 0))
      .subarray(0, 20);
  });
}

function makeDemand(n: number, near: readonly Int32Array[], random: () => number): Demand {
  const around = near[Math.floor(random() * near.length)] ?? new Int32Array(0);
  const places = around.slice(0, 5 + Math.floor(random() * 16)).sort();
  return {
    id: `campaign-${String(n).padStart(6, '0')}`,
    milliTouches: 0,
    weight: weights[Math.floor(random() * weights.length)] ?? 100,
    places,
    scheduleOf: new Int32Array(places.length),
    schedules: [makeSchedule(random)],
    segments: makeSegments(random),
    caps: noCaps,
  };
}

function makeSchedule(random: () => number): Uint32Array {
  const windows = makeWindows(random);
  const wanted = random() < 0.4 ? new Set(daysOfWeek.filter(() => random() < 0.5)) : new Set(daysOfWeek);
  if (wanted.size === 0) wanted.add(Math.floor(random() * 7));
  const schedule = new Uint32Array(wordsOf(halfHours));
  for (const day of wanted)
    for (const [from, to] of windows)
      for (let n = from; n < to; n += 1) addHalfHour(schedule, (day * 48 + n) % halfHours);
  return schedule;
}

/** Half-hours of a day, half-open; past 48 it is the next day. */
function makeWindows(random: () => number): [number, number][] {
  if (random() < 0.2) {
    const from = Math.floor(random() * 48);
    return [[from, from + 2 + Math.floor(random() * 12)]];
  }
  const usual: [number, number][][] = [
    [[14, 18]],
    [[33, 42]],
    [
      [14, 18],
      [33, 42],
    ],
    [[36, 40]],
    [[12, 46]],
  ];
  return usual[Math.floor(random() * usual.length)] ?? [];
}

function makeSegments(random: () => number): number {
  const kind = random();
  const one = () => 1 << Math.floor(random() * shares.length);
  if (kind < 0.35) return (1 << segments) - 1;
  if (kind < 0.75) return one();
  if (kind < 0.95) return one() | one();
  return 1 << micro;
}

/** A narrow campaign wants no less than a wide one of the same reach; some want much more than others, none most of what it can have. */
function withAmounts(inventory: Inventory, demands: readonly Demand[], share: number, random: () => number): Demand[] {
  const supply = inventory.supplyMilliTouches.reduce((sum, each) => sum + each, 0);
  const wishes = demands.map((demand) => {
    const reach = (demand.places.length / inventory.communities) * supply;
    return Math.min(reach * Math.exp(wish.sigma * gaussian(random)), eligible(inventory, demand) * wish.ofEligibleMax);
  });
  const all = wishes.reduce((sum, each) => sum + each, 0);
  return demands.map((demand, n) => ({
    ...demand,
    milliTouches: Math.floor(((wishes[n] ?? 0) / all) * supply * share),
  }));
}

/** Milli-touches of all cells that a demand may have. */
export function eligible({ halfHours: count, segments: kinds, supplyMilliTouches }: Inventory, demand: Demand): number {
  let sum = 0;
  demand.places.forEach((place, n) => {
    const schedule = demand.schedules[demand.scheduleOf[n] ?? 0] ?? new Uint32Array(0);
    for (let at = 0; at < count; at += 1) {
      if ((((schedule[at >> 5] ?? 0) >>> (at & 31)) & 1) === 0) continue;
      for (let segment = 0; segment < kinds; segment += 1)
        if (((demand.segments >>> segment) & 1) === 1)
          sum += supplyMilliTouches[(place * count + at) * kinds + segment] ?? 0;
    }
  });
  return sum;
}

/** Normally distributed (Box and Muller). */
function gaussian(random: () => number): number {
  return Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
}
