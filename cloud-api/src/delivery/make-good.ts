import { after, days, halfHourMs, halfHourOf, localTime, type InstantMs } from '@gatecast/firmware-protocol';
import type { Daypart } from '../campaigns/line-item.ts';
import type { BookingRow } from '../campaigns/line-item-ends.ts';
import type { MakeGoodReason } from './schema.ts';

/** Days that are added, the fewest that are enough. */
export const makeGoodDays = [1, 3, 7] as const;
/** A line item that fell short again and again is not to be had: then the money goes back. */
export const makeGoodsMax = 2;

const everyDay = [1, 2, 3, 4, 5, 6, 7];

/** In whole touches: part of one is nobody's loss, as what was delivered is rounded. */
export const missingTouches = ({ touches, deliveredMilli }: Pick<BookingRow, 'touches' | 'deliveredMilli'>): number =>
  Math.max(0, touches - Math.floor(deliveredMilli / 1_000));

/**
 * Whether what is missing is made good before money goes back: of a number that was promised, unless its merchant stopped it. A share of the screen promised no
 * number.
 */
export const mayBeMadeGood = (
  row: Pick<BookingRow, 'touches' | 'deliveredMilli' | 'product' | 'pausedAt' | 'cancelledAt'>,
  madeGood: number,
): boolean =>
  missingTouches(row) > 0 &&
  row.product === 'touches' &&
  row.pausedAt === null &&
  row.cancelledAt === null &&
  madeGood < makeGoodsMax;

/** Half-hours of a line item. */
export interface Missed {
  /** That were sold to it, and of these the ones that owners or a black-out took off sale before they came. */
  readonly sold: number;
  readonly unsold: number;
  readonly reported: number;
  /** Reported without some of the screens. */
  readonly silent: number;
  /** What it was to get, and what of that was in the plan when its hours came, or came beyond it. */
  readonly owedMilli: number;
  readonly plannedMilli: number;
}

/** So much of it is more than chance: its place, its screens or a plan were not there rather than people. */
const missedFromPart = 0.1;

/** What says most comes first. */
export function reasonOf({ sold, unsold, reported, silent, owedMilli, plannedMilli }: Missed): MakeGoodReason {
  if (unsold > 0 && unsold >= sold * missedFromPart) return 'not-for-sale';
  if (silent > 0 && silent >= reported * missedFromPart) return 'screens-away';
  return plannedMilli <= owedMilli * (1 - missedFromPart) && owedMilli > 0 ? 'not-planned' : 'shortfall';
}

/** The hours of a line item: of one half-hour that half-hour, each day. */
export function hoursOf({ at, toAt, dayparts }: Pick<BookingRow, 'at' | 'toAt' | 'dayparts'>, zone: string): Daypart[] {
  if (toAt !== null) return [...(dayparts ?? [])];
  const { minute } = localTime(at, zone);
  const fromMinute = minute - (minute % 30);
  return [{ weekdays: everyDay, fromMinute, toMinute: (fromMinute + 30) % 1_440 }];
}

/** From the next half-hour on, so many days. */
export function extraSpan(
  now: InstantMs,
  end: InstantMs,
  added: number,
): { readonly from: InstantMs; readonly to: InstantMs } {
  const next = after(halfHourOf(now), halfHourMs);
  const from = end > next ? end : next;
  return { from, to: after(from, days(added)) };
}
