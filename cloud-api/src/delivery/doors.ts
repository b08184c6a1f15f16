import { after, halfHourMs, type InstantMs } from '@gatecast/firmware-protocol';
import type { Placement, Segment } from '@gatecast/firmware-protocol/messages';
import { halfHourIndex } from '../allocation/half-hours.ts';
import type { CellRow } from '../campaigns/cells.ts';
import { segmentMilliOf } from '../campaigns/demand.ts';
import { sharePpm, type Supply } from '../campaigns/supply.ts';
import type { Away } from './away.ts';

/** All entrances of one kind in one community: what a half-hour is planned for. */
export interface Door {
  readonly communityId: string;
  readonly placement: Placement;
  /** The first of its places in the inventory. */
  readonly place: number;
  /** All its screens play on by what they have: what is planned there stays as it is. */
  readonly isFrozen: boolean;
  /** None of its screens is away. */
  readonly isHere: boolean;
  /** Places whose screens play on by what they have. */
  readonly keeping: readonly number[];
  /** Since when the first of those is away; null: none is. */
  readonly since: InstantMs | null;
  /** Part of all that is expected at the door that comes by those, 0 to 1. */
  readonly keptPart: number;
}

export const doorKey = (door: { readonly communityId: string; readonly placement: Placement | 'any' }): string =>
  `${door.communityId}|${door.placement}`;

/** Places ordered by door. */
export interface Doors {
  readonly doors: readonly Door[];
  readonly doorOf: Int32Array;
  readonly byKey: ReadonlyMap<string, Door>;
}

interface Found {
  readonly n: number;
  readonly places: { readonly place: number; readonly away: Away | undefined }[];
}

/** The doors of a supply, each with what of it is away. */
export function doorsOf(supply: Pick<Supply, 'places' | 'inventory'>, away: ReadonlyMap<string, Away>): Doors {
  const { places } = supply;
  const doorOf = new Int32Array(places.length);
  const found = new Map<string, Found>();
  for (const [place, where] of places.entries()) {
    const key = doorKey(where);
    const door = found.get(key) ?? { n: found.size, places: [] };
    door.places.push({ place, away: away.get(where.entranceId) });
    found.set(key, door);
    doorOf[place] = door.n;
  }
  const doors = [...found.values()].flatMap((one) => doorWith(supply, one));
  return { doors, doorOf, byKey: new Map(doors.map((door) => [doorKey(door), door])) };
}

function doorWith({ places, inventory }: Pick<Supply, 'places' | 'inventory'>, found: Found): Door[] {
  const [first] = found.places;
  const where = places[first?.place ?? -1];
  if (!first || !where) return [];
  const { communityId, placement } = where;
  const kept = found.places.filter(({ away }) => away?.standing === 'keeps');
  const isHere = found.places.every(({ away }) => away === undefined);
  const isFrozen = kept.length > 0 && found.places.every(({ away }) => away !== undefined);
  const keeping = kept.map(({ place }) => place);
  const since = kept.reduce<InstantMs | null>(
    (least, { away }) => (away && (least === null || away.since < least) ? away.since : least),
    null,
  );
  const all = expectedAt(
    inventory,
    found.places.map(({ place }) => place),
  );
  const keptPart = isFrozen ? 1 : all === 0 ? 0 : expectedAt(inventory, keeping) / all;
  return [{ communityId, placement, place: first.place, isFrozen, isHere, keeping, since, keptPart }];
}

function expectedAt({ halfHours, supplyMilliTouches }: Supply['inventory'], places: readonly number[]): number {
  let sum = 0;
  for (const place of places)
    for (let n = place * halfHours; n < (place + 1) * halfHours; n += 1) sum += supplyMilliTouches[n] ?? 0;
  return sum;
}

/**
 * What screens that are away play of a line item in a half-hour that is still to come, in milli-touches of its segment: the fraction that they have heard of, of
 * whoever is expected at them.
 */
export function keptMilli(supply: Supply, door: Door, cell: CellRow, segment: Segment): number {
  if (door.isFrozen) return cell.plannedMilli;
  const halfHour = halfHourIndex(supply.horizon, cell.at);
  if (halfHour < 0 || door.keeping.length === 0) return 0;
  const { halfHours, supplyMilliTouches } = supply.inventory;
  let milli = 0;
  for (const place of door.keeping) {
    const touches = supplyMilliTouches[place * halfHours + halfHour] ?? 0;
    const played = Math.floor((touches * keptPpmOf(cell)) / 1_000_000);
    milli += segmentMilliOf(played, sharePpm(supply, place, halfHour, segment));
  }
  return milli;
}

/** The fraction that screens which are away have heard of: what was planned when they left. */
export const keptPpmOf = ({ keptPpm, sharePpm: last }: Pick<CellRow, 'keptPpm' | 'sharePpm'>): number =>
  keptPpm ?? last ?? 0;

/**
 * What of a half-hour that has begun was played by screens that are away and have not told of it, in milli-touches of its segment: their part of what was
 * planned, as far as nobody has told of more. Reports count them as silent; planned once more it would be delivered twice.
 */
export function untoldMilli(door: Door, { plannedMilli, deliveredMilli, at }: CellRow): number {
  if (door.since === null || after(at, halfHourMs) <= door.since) return 0;
  return Math.max(0, Math.min(plannedMilli - (deliveredMilli ?? 0), Math.floor(plannedMilli * door.keptPart)));
}
