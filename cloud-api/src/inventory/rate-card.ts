import { fen, localTime, type Fen, type InstantMs } from '@gatecast/firmware-protocol';
import type { Placement, Segment } from '@gatecast/firmware-protocol/messages';
import type { SoldProduct } from './products.ts';

/** What a touch costs where no line of the rate card says anything else. */
export const defaultTouchPriceFen = fen(20);

/** A price for some of the half-hours; a null holds for any. */
export interface RateLine {
  readonly id: string;
  /** Null: the whole network. */
  readonly communityId: string | null;
  readonly placement: Placement | null;
  readonly segment: Segment | null;
  readonly product: SoldProduct | null;
  /** 1 for Monday to 7 for Sunday, where the daypart begins. */
  readonly weekdays: readonly number[] | null;
  /** Local minutes, both or neither; over midnight where it ends no later than it begins. */
  readonly fromMinute: number | null;
  readonly toMinute: number | null;
  readonly touchPriceFen: number;
  /** Of the half-hours that are sold, half-open. */
  readonly validFrom: InstantMs;
  readonly validTo: InstantMs | null;
  readonly createdAt: InstantMs;
}

/** A half-hour at a door, as somebody wants to buy it. */
export interface PricedCell {
  readonly communityId: string;
  readonly zone: string;
  /** `any`: wherever somebody comes by first; only lines that name no placement hold for it. */
  readonly placement: Placement | 'any';
  /** Start of the half-hour. */
  readonly at: InstantMs;
  readonly segment: Segment;
  readonly product: SoldProduct;
}

/** Whichever line comes first holds: a community's own before the network's, then by product, segment, placement and daypart, the newest of equals. */
export function byPrecedence(a: RateLine, b: RateLine): number {
  const rank = (line: RateLine) =>
    [line.communityId, line.product, line.segment, line.placement, daypartOf(line)].map((named) =>
      named === null ? 1 : 0,
    );
  const [left, right] = [rank(a), rank(b)];
  const first = left.findIndex((value, i) => value !== right[i]);
  if (first >= 0) return (left[first] ?? 0) - (right[first] ?? 0);
  return b.createdAt - a.createdAt || (a.id < b.id ? 1 : -1);
}

const daypartOf = ({ weekdays, fromMinute }: RateLine): true | null =>
  weekdays === null && fromMinute === null ? null : true;

interface WallClock {
  readonly weekday: number;
  readonly minute: number;
}

/** The price of a half-hour's touch. */
export type PriceBook = (cell: PricedCell) => Fen;

export function priceBook(lines: readonly RateLine[]): PriceBook {
  const lineOf = lineBook(lines);
  return (cell) => fen(lineOf(cell)?.touchPriceFen ?? defaultTouchPriceFen);
}

/** Lines that may hold for cells of one kind, the first one first, and what was found of them by half-hour. */
interface Shelf<L> {
  readonly lines: readonly L[];
  readonly found: Map<InstantMs, L | null>;
}

/**
 * The line that a half-hour's price comes from; null: the flat price. What was found stays known as long as the book, which is made for one question:
 * communities without lines of their own share it, so that a quote over hundreds of them looks each half-hour up once.
 */
export function lineBook<L extends RateLine>(lines: readonly L[]): (cell: PricedCell) => L | null {
  const sorted = [...lines].sort(byPrecedence);
  const own = new Set(sorted.map(({ communityId }) => communityId));
  const shelves = new Map<string, Shelf<L>>();
  const clockOf = wallClocks();
  const shelfOf = (cell: PricedCell): Shelf<L> => {
    const { communityId, placement, product, segment, zone } = cell;
    const kind = `${own.has(communityId) ? communityId : ''} ${zone} ${placement} ${product} ${segment}`;
    const known = shelves.get(kind);
    if (known) return known;
    const made = { lines: sorted.filter((line) => isFor(line, cell)), found: new Map<InstantMs, L | null>() };
    shelves.set(kind, made);
    return made;
  };
  return (cell) => {
    const shelf = shelfOf(cell);
    const known = shelf.found.get(cell.at);
    if (known !== undefined) return known;
    const clock = () => clockOf(cell.at, cell.zone);
    const line = shelf.lines.find((one) => isValid(one, cell.at) && inDaypart(one, clock)) ?? null;
    shelf.found.set(cell.at, line);
    return line;
  };
}

/** Reading the clock on a wall costs more than all the rest; it is the same one for every community of the zone. */
function wallClocks(): (at: InstantMs, zone: string) => WallClock {
  const known = new Map<string, WallClock>();
  return (at, zone) => {
    const key = `${at} ${zone}`;
    const before = known.get(key);
    if (before) return before;
    const { weekday, minute } = localTime(at, zone);
    const read = { weekday: weekday === 0 ? 7 : weekday, minute };
    known.set(key, read);
    return read;
  };
}

const isValid = ({ validFrom, validTo }: RateLine, at: InstantMs): boolean =>
  validFrom <= at && (validTo === null || at < validTo);

const isFor = (line: RateLine, { communityId, placement, segment, product }: PricedCell): boolean =>
  (line.communityId === null || line.communityId === communityId) &&
  (line.placement === null || line.placement === placement) &&
  (line.segment === null || line.segment === segment) &&
  (line.product === null || line.product === product);

const dayBefore = (weekday: number): number => (weekday === 1 ? 7 : weekday - 1);

/** A window over midnight belongs to the day on which it begins, as in a line item. */
function inDaypart({ weekdays, fromMinute, toMinute }: RateLine, clock: () => WallClock): boolean {
  if (weekdays === null && fromMinute === null) return true;
  const { weekday, minute } = clock();
  const on = (day: number) => weekdays === null || weekdays.includes(day);
  if (fromMinute === null || toMinute === null) return on(weekday);
  if (fromMinute < toMinute) return on(weekday) && minute >= fromMinute && minute < toMinute;
  return (on(weekday) && minute >= fromMinute) || (on(dayBefore(weekday)) && minute < toMinute);
}

/** The prices of a local day at each placement, half-hours of equal prices together. */
export interface DayOfPrices {
  readonly fromMinute: number;
  readonly toMinute: number;
  readonly prices: readonly PlacedPrice[];
}
export interface PlacedPrice {
  readonly placement: Placement;
  readonly touchPriceFen: number;
  /** Null: the flat price. */
  readonly lineId: string | null;
  readonly from: 'default' | 'network' | 'community';
}

const placements = ['gate', 'unit-door', 'lift'] as const satisfies readonly Placement[];
const dayMinutes = 1_440;

/** What half-hour after half-hour costs on a day; `at` says when the half-hour at a local minute begins. */
export function dayOfPrices(
  lines: readonly RateLine[],
  cell: Omit<PricedCell, 'at' | 'placement'>,
  at: (minute: number) => InstantMs,
): DayOfPrices[] {
  const lineOf = lineBook(lines);
  const rows: DayOfPrices[] = [];
  for (let minute = 0; minute < dayMinutes; minute += 30) {
    const prices = placements.map((placement): PlacedPrice => {
      const line = lineOf({ ...cell, placement, at: at(minute) });
      const from = line === null ? 'default' : line.communityId === null ? 'network' : 'community';
      return { placement, touchPriceFen: line?.touchPriceFen ?? defaultTouchPriceFen, lineId: line?.id ?? null, from };
    });
    const last = rows.at(-1);
    const isSame = last?.prices.every(({ lineId }, i) => lineId === prices[i]?.lineId);
    if (last && isSame) rows[rows.length - 1] = { ...last, toMinute: minute + 30 };
    else rows.push({ fromMinute: minute, toMinute: minute + 30, prices });
  }
  return rows;
}
