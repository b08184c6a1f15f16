import type { InstantMs } from '@gatecast/firmware-protocol';
import type { Placement } from '@gatecast/firmware-protocol/messages';
import { addHalfHour, halfHourAt, halfHourIndex } from '../allocation/half-hours.ts';
import { noCaps, wordsOf, type Demand, type DemandCaps } from '../allocation/instance.ts';
import type { SoldLines, Wanted } from '../allocation/sold-lines.ts';
import { halfHoursOf, plays, type Targeting } from './line-item.ts';
import { sharedSegment, sharePpm, type Supply } from './supply.ts';

/** What a line item asks of the inventory. */
export interface Claim extends Targeting {
  readonly id: string;
  readonly communityIds: readonly string[];
  /** Still to be delivered, in milli-touches of its segment. */
  readonly milliTouches: number;
  /** What a touch is worth beside others' in a plan: its price. */
  readonly weight: number;
  /** In milli-touches of its segment. */
  readonly dayCapMilli: number | null;
  /** By community, what of today's cap is taken already. */
  readonly usedToday?: ReadonlyMap<string, number>;
  /** Of a segment that is only a share: how it was sold; none where nobody has bought it yet. */
  readonly sold?: SoldLines | null | undefined;
}

/** Why a half-hour at a door falls out; null if it does not. */
export type Closed = (communityId: string, placement: Placement, at: InstantMs) => string | null;

/** The half-hours at doors that a line item may play in. */
export interface Reach {
  /** As `place × halfHours + halfHour` of the supply, community by community. */
  readonly cells: readonly number[];
  /** Expected there of its segment, with the bounds of the forecast. */
  readonly expectedMilli: number;
  readonly lowMilli: number;
  readonly highMilli: number;
  /** What fell out, by reason: which communities, and how many half-hours at a door. */
  readonly left: ReadonlyMap<string, { readonly communities: ReadonlySet<string>; readonly halfHours: number }>;
}

const allPpm = 1_000_000;

type Place = Omit<Claim, 'id' | 'milliTouches' | 'weight'>;

/** Where a line item may play, and whom it can expect there. Half-hours in which nobody of its segment is expected are not reached. */
export function reachOf(supply: Supply, claim: Place, closed: Closed): Reach {
  const sum = new ReachSum(supply, claim, closed);
  for (const communityId of claim.communityIds) sum.add(communityId);
  return sum.reach();
}

/** The same, one community after the other, for who gives others a turn in between. */
export class ReachSum {
  readonly #supply: Supply;
  readonly #claim: Place;
  readonly #closed: Closed;
  readonly #cells: number[] = [];
  readonly #left = new Map<string, { communities: Set<string>; halfHours: number }>();
  readonly #sums = { expected: 0, low: 0, high: 0 };

  constructor(supply: Supply, claim: Place, closed: Closed) {
    this.#supply = supply;
    this.#claim = claim;
    this.#closed = closed;
  }

  /** Gives how many half-hours at doors were looked at. */
  add(communityId: string): number {
    const { places, placesOf, horizon } = this.#supply;
    let looked = 0;
    for (const place of placesOf.get(communityId) ?? []) {
      const where = places[place];
      if (!where || !plays(this.#claim, where.placement)) continue;
      for (const halfHour of halfHoursIn(this.#supply, this.#claim, where.zone)) {
        looked += 1;
        const why = this.#closed(communityId, where.placement, halfHourAt(horizon, halfHour));
        if (why === null) this.#take(place, halfHour);
        else this.#leave(why, communityId);
      }
    }
    return looked;
  }

  reach(): Reach {
    const { expected, low, high } = this.#sums;
    return {
      cells: this.#cells,
      expectedMilli: Math.floor(expected),
      lowMilli: Math.floor(low),
      highMilli: Math.floor(high),
      left: this.#left,
    };
  }

  #take(place: number, halfHour: number): void {
    const { horizon, inventory, lowMilli, highMilli } = this.#supply;
    const cell = place * horizon.count + halfHour;
    const share = sharePpm(this.#supply, place, halfHour, this.#claim.segment);
    const touches = inventory.supplyMilliTouches[cell] ?? 0;
    if (share === 0 || touches === 0) return;
    this.#cells.push(cell);
    this.#sums.expected += (touches * share) / allPpm;
    this.#sums.low += ((lowMilli[cell] ?? 0) * share) / allPpm;
    this.#sums.high += ((highMilli[cell] ?? 0) * share) / allPpm;
  }

  #leave(why: string, communityId: string): void {
    const known = this.#left.get(why) ?? { communities: new Set<string>(), halfHours: 0 };
    known.communities.add(communityId);
    known.halfHours += 1;
    this.#left.set(why, known);
  }
}

/** Half-hours of line items that are remembered with a supply: thousands of them ask for the same few windows. */
const windowsMax = 500;
const windows = new WeakMap<Supply, Map<string, readonly number[]>>();

/** The half-hours of the horizon that somebody may have in a zone. Reading the clock on the wall costs more than all the rest. */
function halfHoursIn(supply: Supply, { from, to, days, dayparts }: Place, zone: string): readonly number[] {
  const known = windows.get(supply) ?? new Map<string, readonly number[]>();
  windows.set(supply, known);
  const key = JSON.stringify([zone, from, to, days ?? null, dayparts]);
  const found =
    known.get(key) ??
    halfHoursOf({ from, to, days, dayparts }, zone)
      .map((at) => halfHourIndex(supply.horizon, at))
      .filter((halfHour) => halfHour >= 0);
  if (known.size >= windowsMax) known.clear();
  known.set(key, found);
  return found;
}

/** Milli-touches of a segment that so many whole touches are worth, each of them its share of the segment. */
export const segmentMilliOf = (touchesMilli: number, worthPpm: number): number =>
  Math.floor((touchesMilli * worthPpm) / allPpm);

/** The claim as the allocation takes it, in touches of its segment. */
export const wantedOf = (supply: Supply, claim: Claim, reach: Reach): Wanted => ({
  demand: demandOf(supply, claim, reach),
  segment: sharedSegment(claim.segment),
  sold: claim.sold ?? null,
});

function demandOf(supply: Supply, claim: Claim, { cells }: Reach): Demand {
  const { horizon, inventory } = supply;
  const bits = new Map<number, Uint32Array>();
  for (const cell of cells) {
    const place = Math.floor(cell / horizon.count);
    const schedule = bits.get(place) ?? new Uint32Array(wordsOf(inventory.halfHours));
    bits.set(place, schedule);
    addHalfHour(schedule, cell % horizon.count);
  }
  const schedules: Uint32Array[] = [];
  const known = new Map<string, number>();
  const places = [...bits.keys()].sort((a, b) => a - b);
  const scheduleOf = places.map((place) => {
    const schedule = bits.get(place) ?? new Uint32Array(wordsOf(horizon.count));
    const key = schedule.join(',');
    const index = known.get(key) ?? schedules.push(schedule) - 1;
    known.set(key, index);
    return index;
  });
  return {
    id: claim.id,
    milliTouches: claim.milliTouches,
    weight: Math.max(1, claim.weight),
    places: Int32Array.from(places),
    scheduleOf: Int32Array.from(scheduleOf),
    schedules,
    segments: 1,
    caps: capsOf(supply, claim),
  };
}

function capsOf({ places, placesOf }: Supply, { dayCapMilli, usedToday }: Claim): DemandCaps {
  if (dayCapMilli === null) return noCaps;
  const caps = { dayMilliTouches: dayCapMilli, segmentDayMilliTouches: null };
  if (!usedToday) return caps;
  const indexed = [...usedToday].flatMap(([id, used]) => {
    const community = places[placesOf.get(id)?.[0] ?? -1]?.community;
    return community === undefined ? [] : [[community, used] as const];
  });
  return { ...caps, usedFirstDay: new Map(indexed) };
}
