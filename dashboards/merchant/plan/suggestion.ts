import { isHourOf, type Trade } from './trade-hours.ts';
import { cellOf, dayPartsMax, dayPartsOf } from './windows.ts';

/** A half-hour of the coming week at the store's own community. */
export interface WeekCell {
  /** 1 for Monday to 7 for Sunday. */
  readonly weekday: number;
  readonly halfHour: number;
  /** Touches that the forecast expects of it. */
  readonly expected: number;
  readonly touchPriceFen: number;
  readonly bookable: boolean;
}
/** `near`: the doors around the store, when they are busy; `wide`: many communities, all day; `families`: those with children, when they pass. */
export type SuggestionKind = 'near' | 'wide' | 'families';
export interface Suggestion {
  readonly kind: SuggestionKind;
  readonly communityIds: readonly string[];
  readonly cells: ReadonlySet<number>;
  readonly days: number;
  readonly segment: 'all' | 'families';
}
interface Place {
  readonly id: string;
  readonly households: number;
}
interface Shape {
  readonly kind: SuggestionKind;
  /** A half-hour is taken from this part of the busiest. */
  readonly busyFrom: number;
  readonly communitiesMax: number;
  /** Takes all communities that it may, rather than as few as are enough. */
  readonly isWide: boolean;
  readonly segment: Suggestion['segment'];
  /** Of the touches that are expected, what one store may hope for beside the others. */
  readonly hopedPart: number;
}

const shapes: readonly Shape[] = [
  { kind: 'near', busyFrom: 0.6, communitiesMax: 8, isWide: false, segment: 'all', hopedPart: 0.2 },
  { kind: 'wide', busyFrom: 0.2, communitiesMax: 30, isWide: true, segment: 'all', hopedPart: 0.2 },
  // A touch counts for them as their share of the people there: about a third.
  { kind: 'families', busyFrom: 0.3, communitiesMax: 8, isWide: false, segment: 'families', hopedPart: 0.07 },
];
export const daysMax = 28;

/**
 * Where and when to spend a budget, in some ways that differ; `places` in the order in which they are wanted, the own one first. Other communities are taken to be
 * like the own one, by households. None where nothing can be bought with it. What they come to the cloud's quotes say, exactly.
 */
export function suggest(
  budgetFen: number,
  week: readonly WeekCell[],
  places: readonly Place[],
  trade: Trade = 'any',
): Suggestion[] {
  const sold = week.filter(({ bookable, expected }) => bookable && expected > 0);
  const ofTrade = sold.filter(({ weekday, halfHour }) => isHourOf(trade, weekday, halfHour));
  const found = shapes.flatMap((shape) => {
    const open = shape.isWide ? sold : ofTrade;
    const cells = shape.segment === 'families' ? familyHours(open) : open;
    return suggestionOf(shape, budgetFen, cells, places) ?? [];
  });
  return found.filter((one, n) => found.findIndex((other) => isAlike(one, other)) === n);
}

/** Of a trade that lives at other hours than families, its own hours are kept. */
function familyHours(cells: readonly WeekCell[]): readonly WeekCell[] {
  const passing = cells.filter(({ weekday, halfHour }) => isHourOf('children', weekday, halfHour));
  return passing.length > 0 ? passing : cells;
}

function suggestionOf(
  { kind, busyFrom, communitiesMax, isWide, segment, hopedPart }: Shape,
  budgetFen: number,
  cells: readonly WeekCell[],
  places: readonly Place[],
): Suggestion | null {
  const busy = busyCells(cells, busyFrom);
  const [own] = places;
  const expected = busy.reduce((sum, cell) => sum + cell.expected, 0);
  if (!own || expected === 0) return null;
  const costFen = busy.reduce((sum, cell) => sum + cell.expected * cell.touchPriceFen, 0);
  const wanted = costFen === 0 ? expected : (budgetFen * expected) / costFen;
  if (wanted < 1) return null;

  const hoped = (households: number): number => (expected * hopedPart * households) / Math.max(1, own.households);
  const chosen: Place[] = [];
  let weekly = 0;
  for (const place of places.slice(0, communitiesMax)) {
    // A touch for each community at least: what would be spread thinner is not spread.
    if (isWide ? chosen.length >= wanted : weekly >= wanted) break;
    chosen.push(place);
    weekly += hoped(place.households);
  }
  return {
    kind,
    communityIds: chosen.map(({ id }) => id),
    cells: new Set(busy.map(({ weekday, halfHour }) => cellOf(weekday, halfHour))),
    days: Math.min(daysMax, Math.max(7, Math.ceil((wanted / weekly) * 7))),
    segment,
  };
}

/** The busiest, fewer of them where they would be more windows than a line item may have. */
function busyCells(cells: readonly WeekCell[], busyFrom: number): readonly WeekCell[] {
  const busiest = Math.max(0, ...cells.map(({ expected }) => expected));
  for (let from = busyFrom; from < 1; from += 0.1) {
    const busy = cells.filter(({ expected }) => expected >= busiest * from);
    if (dayPartsOf(new Set(busy.map(({ weekday, halfHour }) => cellOf(weekday, halfHour)))).length <= dayPartsMax)
      return busy;
  }
  return cells.filter(({ expected }) => expected === busiest).slice(0, dayPartsMax);
}

const isAlike = (a: Suggestion, b: Suggestion): boolean =>
  a.segment === b.segment &&
  a.days === b.days &&
  a.communityIds.join() === b.communityIds.join() &&
  a.cells.size === b.cells.size &&
  [...a.cells].every((cell) => b.cells.has(cell));

/** The most touches whose price, rounded up once, is within the budget. */
export const touchesWithin = (budgetFen: number, touchPriceMilliFen: number): number =>
  touchPriceMilliFen === 0 ? 0 : Math.floor((budgetFen * 1_000) / touchPriceMilliFen);
