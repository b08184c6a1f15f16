import type { InstantMs } from '@gatecast/firmware-protocol';
import { and, eq, gt, inArray, isNull, lt, ne, sql } from 'drizzle-orm';
import { plannable } from '../allocation/instance.ts';
import type { Category } from '../content/categories.ts';
import { mayBeSoldAs } from '../inventory/products.ts';
import type { Reads } from '../platform/db/store.ts';
import { refusal } from '../platform/errors.ts';
import type { Privacy } from '../platform/privacy.ts';
import type { Found } from './availability.ts';
import type { Reach } from './demand.ts';
import { peoplePromised, type GateHours } from './people-reach.ts';
import type { Supply } from './supply.ts';
import type { Wish } from './wish.ts';

/** Of these line items in one community at a time; more would leave those who opted in nothing else to see. */
export const peopleLinesMax = 20;

/**
 * Everybody who lives there passes a gate, whichever unit door is theirs: at gates alone it can be said how many can be reached. Rejects with `invalid-request`.
 */
export function peopleWish(wish: Wish): Wish {
  if (wish.placements.some((one) => one !== 'gate'))
    throw refusal('invalid-request', 'people are reached at gates alone', { placements: wish.placements });
  if (wish.segment !== 'all' || wish.dayCapTouches !== null)
    throw refusal('invalid-request', 'whoever opted in is of no segment, and is shown it once');
  return { ...wish, placements: ['gate'] };
}

export interface PeopleOfferParts {
  readonly privacy: Pick<Privacy, 'poolsAtLeast'>;
}

export interface PeopleAsked {
  readonly wish: Wish;
  /** In thousandths of a person. */
  readonly wantedMilli: number;
  /** Of the clip, where one was named. */
  readonly category: Category | null | undefined;
  /** The line item that it replaces, which then is not in its own way. */
  readonly id: string;
}

/**
 * How many distinct people who opted in this can be promised to reach, in the place of what the inventory has: it takes no touches of others, as each of them is
 * shown it once. Communities with too few, those where too few of them pass in these hours, and those with too many such line items, fall out. It is reckoned from tens alone.
 */
export async function offerPeople(
  q: Reads,
  { privacy }: PeopleOfferParts,
  found: Found,
  supply: Supply,
  { wish, wantedMilli, category, id }: PeopleAsked,
): Promise<Found> {
  const pools = await privacy.poolsAtLeast(q, wish.communityIds);
  const busy = await linesIn(q, wish, id);
  const isMatchable = category === undefined || mayBeSoldAs('ten-people', category);
  const gates = gatesOf(supply, found.reach);
  const promised = (communityId: string): number => {
    const shown = ((pools.get(communityId) ?? 0) * (1_000_000 - wish.holdoutPpm)) / 1_000_000;
    return peoplePromised(shown, gates.get(communityId) ?? [], busy.get(communityId) ?? 0);
  };
  const why = (communityId: string): string | null => {
    if (!pools.has(communityId)) return 'pool-too-small';
    if ((busy.get(communityId) ?? 0) >= peopleLinesMax) return 'slot-sold-out';
    return promised(communityId) === 0 ? 'few-pass' : null;
  };
  const reach = isMatchable ? without(found.reach, supply, why) : unmatchable(found.reach, wish.communityIds);
  const people = soldTo({ reach }, supply).reduce((sum, communityId) => sum + promised(communityId), 0);
  const availableMilli = people * 1_000;
  const fits = availableMilli >= wantedMilli;
  const taken = Math.min(availableMilli, wantedMilli);
  const quote = { askedMilliTouches: wantedMilli, availableMilliTouches: availableMilli, fits };
  return { reach, quote: { ...quote, takenMilliTouches: taken, sold: null } };
}

/** The communities in which it is sold. */
export const soldTo = ({ reach }: Pick<Found, 'reach'>, supply: Supply): string[] => [
  ...new Set(reach.cells.map((cell) => communityOf(supply, cell))),
];

const communityOf = ({ places, horizon }: Supply, cell: number): string =>
  places[Math.floor(cell / horizon.count)]?.communityId ?? '';

/** The reach without communities that fall out. Of people nothing is expected in touches. */
function without(reach: Reach, supply: Supply, why: (communityId: string) => string | null): Reach {
  const left = new Map(
    [...reach.left].map(([reason, { communities, halfHours }]) => [
      reason,
      { communities: new Set(communities), halfHours },
    ]),
  );
  const reasons = new Map<string, string | null>();
  const cells = reach.cells.filter((cell) => {
    const communityId = communityOf(supply, cell);
    const reason = reasons.has(communityId) ? (reasons.get(communityId) ?? null) : why(communityId);
    reasons.set(communityId, reason);
    if (reason === null) return true;
    const known = left.get(reason) ?? { communities: new Set<string>(), halfHours: 0 };
    known.communities.add(communityId);
    known.halfHours += 1;
    left.set(reason, known);
    return false;
  });
  return { cells, left, expectedMilli: 0, lowMilli: 0, highMilli: 0 };
}

/** Whatever else speaks against it: changing hours or permits would not help. */
function unmatchable({ cells, left }: Reach, communityIds: readonly string[]): Reach {
  const halfHours = [...left.values()].reduce((sum, one) => sum + one.halfHours, cells.length);
  const all = { communities: new Set(communityIds), halfHours };
  return { cells: [], left: new Map([['category-sensitive', all]]), expectedMilli: 0, lowMilli: 0, highMilli: 0 };
}

/** The gates of each community that is reached, with whom to expect there: on an average day, and in the half-hours that are reached. */
function gatesOf(supply: Supply, reach: Reach): ReadonlyMap<string, readonly GateHours[]> {
  const { placesOf, places, horizon, inventory, lowMilli } = supply;
  const chosen = new Map<number, number>();
  for (const cell of reach.cells) {
    const place = Math.floor(cell / horizon.count);
    const milli = plannable(lowMilli[cell] ?? 0, inventory.offlinePpm[place] ?? 0);
    chosen.set(place, (chosen.get(place) ?? 0) + milli);
  }
  const perDay = (place: number): number => {
    const all = inventory.supplyMilliTouches.subarray(place * horizon.count, (place + 1) * horizon.count);
    return (all.reduce((sum, milli) => sum + milli, 0) * halfHoursPerDay) / horizon.count;
  };
  const gatesIn = (communityId: string) =>
    (placesOf.get(communityId) ?? []).filter((place) => places[place]?.placement === 'gate');
  const hoursOf = (place: number): GateHours => ({ perDayMilli: perDay(place), chosenMilli: chosen.get(place) ?? 0 });
  return new Map(soldTo({ reach }, supply).map((id) => [id, gatesIn(id).map(hoursOf)]));
}
const halfHoursPerDay = 48;

/** Such line items of each community in that time that are held or run. */
async function linesIn(
  q: Reads,
  { communityIds, from, to }: Pick<Wish, 'communityIds'> & { readonly from: InstantMs; readonly to: InstantMs },
  id: string,
): Promise<ReadonlyMap<string, number>> {
  const { bookings: b, bookingPlaces: p } = q.t;
  const found = await q
    .select({ communityId: p.communityId, lines: sql<number>`count(*)`.mapWith(Number) })
    .from(p)
    .innerJoin(b, eq(b.id, p.bookingId))
    .where(
      and(
        inArray(p.communityId, [...communityIds]),
        eq(b.product, 'ten-people'),
        inArray(b.status, ['held', 'paid']),
        ne(b.id, id),
        isNull(b.pausedAt),
        isNull(b.cancelledAt),
        lt(b.at, to),
        gt(b.toAt, from),
      ),
    )
    .groupBy(p.communityId);
  return new Map(found.map(({ communityId, lines }) => [communityId, lines]));
}
