import { halfHourMs, after, type InstantMs } from '@gatecast/firmware-protocol';
import type { Placement } from '@gatecast/firmware-protocol/messages';
import type { AudienceCell, Audience } from '../audience/service.ts';
import { soldBetween, type SoldThere } from '../campaigns/sold-cells.ts';
import type { Communities } from '../communities/service.ts';
import { unsoldThere, type Sellable } from '../inventory/decision-rules.ts';
import type { Inventory } from '../inventory/service.ts';
import type { Reads } from '../platform/db/store.ts';
import { localWeek, type LocalWeek } from './local-weeks.ts';
import { WeekCells, wheres, type SoldCell, type Where } from './week-cells.ts';

export interface SumParts {
  readonly audience: Pick<Audience, 'forecastByCommunity'>;
  readonly communities: Communities;
  readonly inventory: Pick<Inventory, 'sellable'>;
}

export type ByPlace = Readonly<Record<Where, WeekCells>>;

/** A local week of a community, half-hour by half-hour. */
export interface CommunityWeek {
  readonly communityId: string;
  readonly zone: string;
  /** Why nothing is for sale. */
  readonly unsold: Sellable['reason'];
  readonly places: ByPlace;
}

const wholePpm = 1_000_000;

/** What is expected, open and sold in a local week of some communities: as many as may be held in memory together. */
export async function sumWeek(
  q: Reads,
  { audience, communities, inventory }: SumParts,
  ids: readonly string[],
  monday: string,
): Promise<CommunityWeek[]> {
  const about = await communities.about(q, ids);
  const weeks = new Map<string, LocalWeek>();
  for (const { zone } of about.values()) if (!weeks.has(zone)) weeks.set(zone, localWeek(monday, zone));
  if (weeks.size === 0) return [];
  const between = spanOf([...weeks.values()]);
  const states = await inventory.sellable(q, ids, between);
  const sold = Map.groupBy(await soldBetween(q, ids, between), ({ communityId }) => communityId);
  const forecasts = new Map<string, readonly AudienceCell[]>();
  for await (const cells of audience.forecastByCommunity(q, ids, between))
    forecasts.set(cells[0]?.communityId ?? '', cells);
  return [...about.values()].flatMap(({ id, zone }) => {
    const [week, state] = [weeks.get(zone), states.get(id)];
    if (!week || !state) return [];
    const places = placesOf(week, state, forecasts.get(id) ?? [], sold.get(id) ?? []);
    return [{ communityId: id, zone, unsold: state.reason, places }];
  });
}

const spanOf = (weeks: readonly LocalWeek[]): { readonly from: InstantMs; readonly to: InstantMs } => {
  const from = weeks.map((week) => week.from).toSorted((a, b) => a - b)[0];
  const to = weeks.map((week) => week.to).toSorted((a, b) => b - a)[0];
  if (from === undefined || to === undefined) throw new RangeError('no week');
  return { from, to: after(to, halfHourMs) };
};

function placesOf(
  week: LocalWeek,
  state: Sellable,
  forecast: readonly AudienceCell[],
  sold: readonly SoldThere[],
): ByPlace {
  const places = noPlaces();
  const add = (halfHour: number, placement: Placement | 'any', cell: SoldCell): void => {
    places.all.add(halfHour, cell);
    if (placement !== 'any') places[placement].add(halfHour, cell);
  };
  const expected = expectedBy(forecast);
  for (const { at, placement, expectedMilli } of expected.values()) {
    const halfHour = week.halfHourOf.get(at);
    if (halfHour === undefined) continue;
    const isOpen = unsoldThere(state, { at, placement, category: null }) === null;
    add(halfHour, placement, { expectedMilli, openMilli: isOpen ? expectedMilli : 0, soldMilli: 0, incomeMilliFen: 0 });
  }
  for (const { at, placement, plannedMilli, sharePpm, incomeMilliFen } of sold) {
    const halfHour = week.halfHourOf.get(at);
    if (halfHour === undefined) continue;
    const here = expected.get(`${placement} ${at}`)?.expectedMilli ?? 0;
    // A segment's touch is part of a whole one, and the whole one is taken.
    const soldMilli = plannedMilli + Math.round((here * Math.min(sharePpm, wholePpm)) / wholePpm);
    add(halfHour, placement, { expectedMilli: 0, openMilli: 0, soldMilli, incomeMilliFen });
  }
  return places;
}

/** All entrances of a placement together. */
function expectedBy(forecast: readonly AudienceCell[]) {
  const sums = new Map<string, { at: InstantMs; placement: Placement; expectedMilli: number }>();
  for (const { at, placement, expectedMilli } of forecast) {
    const key = `${placement} ${at}`;
    const sum = sums.get(key);
    if (sum) sum.expectedMilli += expectedMilli;
    else sums.set(key, { at, placement, expectedMilli });
  }
  return sums;
}

export const noPlaces = (): ByPlace => ({
  all: new WeekCells(),
  gate: new WeekCells(),
  'unit-door': new WeekCells(),
  lift: new WeekCells(),
});

export function addPlaces(to: ByPlace, from: ByPlace): void {
  for (const where of wheres) to[where].addAll(from[where]);
}
