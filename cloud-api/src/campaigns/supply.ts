import { halfHourMs, type InstantMs } from '@gatecast/firmware-protocol';
import { setImmediate as breathe } from 'node:timers/promises';
import type { Placement, Segment } from '@gatecast/firmware-protocol/messages';
import { halfHourAt, halfHourIndex, localDaysIn, type Horizon } from '../allocation/half-hours.ts';
import type { Inventory } from '../allocation/instance.ts';
import type { Worths } from '../allocation/sold-lines.ts';

/** Whom to expect in a half-hour at an entrance, as the audience slice tells it. */
export interface ExpectedHalfHour {
  readonly communityId: string;
  readonly entranceId: string;
  readonly placement: Placement;
  readonly at: InstantMs;
  readonly expectedMilli: number;
  readonly lowMilli: number;
  readonly highMilli: number;
  /** What part of the touches counts for each segment, in ppm; `all` is everybody. */
  readonly shares: Readonly<Partial<Record<Segment, number>>>;
}

export interface SupplyCommunity {
  readonly id: string;
  readonly zone: string;
}

/** One entrance, by its index in the inventory. */
export interface Place {
  readonly community: number;
  readonly communityId: string;
  readonly entranceId: string;
  readonly placement: Placement;
  readonly zone: string;
}

/** What there is to sell over a horizon, in the flat arrays that the allocation takes, and what it leaves out: names, bounds, shares. */
export interface Supply {
  readonly horizon: Horizon;
  readonly places: readonly Place[];
  /** Places of each community. */
  readonly placesOf: ReadonlyMap<string, readonly number[]>;
  readonly inventory: Inventory;
  /** At `place × halfHours + halfHour`: bounds of the forecast, and the index of its shares in `shareSets`. */
  readonly lowMilli: Int32Array;
  readonly highMilli: Int32Array;
  readonly shareSet: Int32Array;
  readonly shareSets: readonly ExpectedHalfHour['shares'][];
  /** The same for the allocation. */
  readonly worths: Worths;
}

/** Segments that are only a share of whoever comes, in the order of the allocation's worths. */
const sharedSegments: readonly Exclude<Segment, 'all'>[] = ['families', 'commuters', 'elderly', 'night'];

/** The allocation's number of a segment; null: everybody. */
export const sharedSegment = (segment: Segment): number | null =>
  segment === 'all' ? null : sharedSegments.indexOf(segment);

const worthsOf = (setOf: Int32Array, sets: Supply['shareSets']): Worths => ({
  setOf,
  segments: sharedSegments.length,
  ppm: Int32Array.from(sets.flatMap((shares) => sharedSegments.map((segment) => shares[segment] ?? 0))),
});

const allPpm = 1_000_000;
/** Of cells that nobody is expected in. */
const nobody: ExpectedHalfHour['shares'] = { all: allPpm };

interface LaidPlace {
  readonly entranceId: string;
  readonly placement: Placement;
  readonly supplyMilli: Int32Array;
  readonly lowMilli: Int32Array;
  readonly highMilli: Int32Array;
  readonly shareSet: Int32Array;
}

export interface SupplyOptions {
  readonly now: InstantMs;
  /** What no plan reaches of an entrance, in ppm of its touches: its screen is away. */
  readonly offlinePpm: (entranceId: string) => number;
}

/**
 * Lays the forecast out, as it comes: some rows at a time. Of the half-hour that is running only the part that is still to come is for sale: what has passed the door cannot be delivered any
 * more.
 */
export async function laySupply(
  horizon: Horizon,
  communities: readonly SupplyCommunity[],
  forecast: AsyncIterable<readonly ExpectedHalfHour[]> | Iterable<readonly ExpectedHalfHour[]>,
  { now, offlinePpm }: SupplyOptions,
): Promise<Supply> {
  const { count } = horizon;
  const laid = new Map<string, Map<string, LaidPlace>>(communities.map(({ id }) => [id, new Map()]));
  const shareSets = [nobody];
  const known = new Map<string, number>([[JSON.stringify(nobody), 0]]);
  // The forecast says the same of many half-hours in the same words; telling them apart by what they say costs more than all the rest.
  const seen = new WeakMap<ExpectedHalfHour['shares'], number>();
  const setOf = (shares: ExpectedHalfHour['shares']): number => {
    const same = seen.get(shares);
    if (same !== undefined) return same;
    const key = JSON.stringify(shares);
    const set = known.get(key) ?? shareSets.push(shares) - 1;
    known.set(key, set);
    seen.set(shares, set);
    return set;
  };
  const lay = (row: ExpectedHalfHour): void => {
    const halfHour = halfHourIndex(horizon, row.at);
    const own = laid.get(row.communityId);
    if (halfHour < 0 || !own) return;
    const place = own.get(row.entranceId) ?? newPlace(row, count);
    own.set(row.entranceId, place);
    const toCome = partToCome(row.at, now);
    place.supplyMilli[halfHour] = Math.floor(row.expectedMilli * toCome);
    place.lowMilli[halfHour] = Math.floor(row.lowMilli * toCome);
    place.highMilli[halfHour] = Math.floor(row.highMilli * toCome);
    place.shareSet[halfHour] = setOf(row.shares);
  };
  for await (const rows of forecast) rows.forEach(lay);
  return join(horizon, communities, laid, { shareSets, offlinePpm });
}

function newPlace({ entranceId, placement }: ExpectedHalfHour, count: number): LaidPlace {
  const flat = () => new Int32Array(count);
  return { entranceId, placement, supplyMilli: flat(), lowMilli: flat(), highMilli: flat(), shareSet: flat() };
}

/** One array for all places, in the order of their communities, that a worker can read too. */
async function join(
  horizon: Horizon,
  communities: readonly SupplyCommunity[],
  laid: ReadonlyMap<string, ReadonlyMap<string, LaidPlace>>,
  { shareSets, offlinePpm }: { readonly shareSets: Supply['shareSets'] } & Pick<SupplyOptions, 'offlinePpm'>,
): Promise<Supply> {
  const places: Place[] = [];
  const placesOf = new Map<string, number[]>();
  const ordered: LaidPlace[] = [];
  for (const [community, { id, zone }] of communities.entries()) {
    const own = [...(laid.get(id)?.values() ?? [])].sort((a, b) => (a.entranceId < b.entranceId ? -1 : 1));
    placesOf.set(
      id,
      own.map((_, n) => places.length + n),
    );
    for (const { entranceId, placement } of own)
      places.push({ community, communityId: id, entranceId, placement, zone });
    ordered.push(...own);
  }
  const { count } = horizon;
  const flat = async (of: (place: LaidPlace) => Int32Array): Promise<Int32Array> => {
    // Each is tens of megabytes in a large network.
    await breathe();
    const all = new Int32Array(new SharedArrayBuffer(places.length * count * Int32Array.BYTES_PER_ELEMENT));
    for (const [n, place] of ordered.entries()) all.set(of(place), n * count);
    return all;
  };
  const zones = [...new Set(communities.map(({ zone }) => zone))];
  const inventory: Inventory = {
    halfHours: count,
    segments: 1,
    communities: communities.length,
    placeCommunity: Int32Array.from(places, ({ community }) => community),
    supplyMilliTouches: await flat(({ supplyMilli }) => supplyMilli),
    offlinePpm: Int32Array.from(places, ({ entranceId }) => offlinePpm(entranceId)),
    localDays: zones.map((zone) => localDaysIn(horizon, zone)),
    communityZone: Int32Array.from(communities, ({ zone }) => zones.indexOf(zone)),
  };
  const bounds = {
    lowMilli: await flat(({ lowMilli }) => lowMilli),
    highMilli: await flat(({ highMilli }) => highMilli),
  };
  const setOf = await flat(({ shareSet }) => shareSet);
  const worths = worthsOf(setOf, shareSets);
  return { horizon, places, placesOf, inventory, ...bounds, shareSet: setOf, shareSets, worths };
}

function partToCome(at: InstantMs, now: InstantMs): number {
  const leftMs = Math.min(halfHourMs, Math.max(0, at + halfHourMs - now));
  return leftMs / halfHourMs;
}

/** What part of a cell's touches counts for a segment, in ppm. */
export function sharePpm(
  { shareSet, shareSets, horizon }: Supply,
  place: number,
  halfHour: number,
  segment: Segment,
): number {
  if (segment === 'all') return allPpm;
  return shareSets[shareSet[place * horizon.count + halfHour] ?? 0]?.[segment] ?? 0;
}

export const startOf = ({ horizon }: Supply, halfHour: number): InstantMs => halfHourAt(horizon, halfHour);
