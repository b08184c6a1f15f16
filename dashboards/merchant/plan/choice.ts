import type { Booking, Quote } from '@gatecast/cloud-api/client';
import { instant, localTime } from '../../kit/zone.ts';
import { spansSeveral } from './line-item-sums.ts';
import type { Wanted } from './use-quote.ts';
import { cellOf, cellsOf, dayPartsMax, dayPartsOf, mondayFirst } from './windows.ts';

export type Product = NonNullable<Wanted['product']>;
export type Segment = NonNullable<Wanted['segment']>;
type Placements = NonNullable<Wanted['placements']>;

/** What a merchant has put together so far. What a product does not use keeps its value for when it is chosen again. */
export interface Choice {
  readonly communityIds: readonly string[];
  readonly cells: ReadonlySet<number>;
  /** Local days of each community, both included. */
  readonly firstDay: string;
  readonly lastDay: string;
  readonly product: Product;
  readonly touches: number;
  /** Of product `touches`: at most so many on one day of one community. Null: as many as there are. */
  readonly dayCap: number | null;
  readonly sharePercent: number;
  readonly people: number;
  readonly segment: Segment;
  readonly placements: Placements;
  /** Part of it that is left out on purpose, to see what the rest changed. */
  readonly holdoutPercent: number;
}

export const touchesMax = 10_000_000;
export const dayCapMax = 1_000_000;
export const peopleSpan = { min: 10, max: 10_000 } as const;
const ppmOfPercent = 10_000;
const dayMs = 86_400_000;

export const dayAfter = (date: string, days: number): string =>
  new Date(Date.parse(`${date}T00:00:00Z`) + days * dayMs).toISOString().slice(0, 10);

/** A week from that day on at one community, with nothing chosen in it yet. */
export const emptyChoice = (communityId: string, firstDay: string): Choice => ({
  communityIds: [communityId],
  cells: new Set(),
  firstDay,
  lastDay: dayAfter(firstDay, 6),
  product: 'touches',
  touches: 500,
  dayCap: null,
  sharePercent: 20,
  people: 10,
  segment: 'all',
  placements: [],
  holdoutPercent: 0,
});

const isWithin = (n: number, min: number, max: number): boolean => Number.isInteger(n) && n >= min && n <= max;

/** Whether it can be asked for. */
export const isDayCap = (dayCap: number | null): boolean => dayCap === null || isWithin(dayCap, 1, dayCapMax);

/** How much of it, by product; null where that is out of bounds. */
function quantityOf({ product, touches, dayCap, sharePercent, people }: Choice) {
  if (product === 'touches') {
    if (!isWithin(touches, 1, touchesMax) || !isDayCap(dayCap)) return null;
    return { product, touches, ...(dayCap !== null && { dayCapTouches: dayCap }) };
  }
  if (product === 'share')
    return isWithin(sharePercent, 1, 100) ? { product, sharePpm: sharePercent * ppmOfPercent } : null;
  return isWithin(people, peopleSpan.min, peopleSpan.max) ? { product, people } : null;
}

/** What is chosen as a question for its price; null while nothing can be asked. */
export function wantedOf(choice: Choice, campaignId: string | undefined): Wanted | null {
  const { cells, communityIds, firstDay, lastDay } = choice;
  const quantity = quantityOf(choice);
  const dayparts = dayPartsOf(cells);
  const isWhole = communityIds.length > 0 && dayparts.length > 0 && dayparts.length <= dayPartsMax;
  if (!isWhole || !quantity || firstDay > lastDay) return null;
  return {
    communityIds: [...communityIds],
    dayparts,
    firstDay,
    lastDay,
    ...quantity,
    ...audienceOf(choice),
    holdoutPpm: choice.product === 'ten-people' ? 0 : choice.holdoutPercent * ppmOfPercent,
    ...(campaignId !== undefined && { campaignId }),
  };
}

/** Single people are matched at gates, among those who opted in, whoever they are; what a holdout of them changed nobody could tell. */
const audienceOf = ({ product, segment, placements }: Choice): Pick<Wanted, 'segment' | 'placements'> =>
  product === 'ten-people' ? { segment: 'all', placements: ['gate'] } : { segment, placements };

/** An alternative that the cloud worked out, in place of what was chosen. */
export const taken = ({
  communityIds,
  firstDay,
  lastDay,
  placements,
  dayparts,
  sharePpm,
}: Quote['alternatives'][number]): Partial<Choice> => ({
  communityIds,
  firstDay,
  lastDay,
  placements,
  cells: cellsOf(dayparts),
  ...(sharePpm !== null && { sharePercent: sharePpm / ppmOfPercent }),
});

/** As much as is left of it; null where all of it is, or nothing. */
export function restOf(
  { product, sharePercent }: Pick<Choice, 'product' | 'sharePercent'>,
  { availableTouches: left, requestedTouches }: Pick<Quote, 'availableTouches' | 'requestedTouches'>,
): Partial<Choice> | null {
  if (left >= requestedTouches) return null;
  if (product === 'touches') return left >= 1 ? { touches: left } : null;
  if (product === 'share') {
    const percent = Math.floor((sharePercent * left) / requestedTouches);
    return percent >= 1 ? { sharePercent: percent } : null;
  }
  return left >= peopleSpan.min ? { people: left } : null;
}

type Bought = Pick<
  Booking,
  | 'communityIds'
  | 'at'
  | 'toAt'
  | 'dayparts'
  | 'placements'
  | 'segment'
  | 'product'
  | 'touches'
  | 'sharePpm'
  | 'people'
  | 'holdoutPpm'
  | 'dayCapTouches'
>;

/** What was chosen for a booking, to be asked for once more; days that are over are left out. */
export function choiceOf(booking: Bought, zone: string, today: string): Partial<Choice> {
  const { at, toAt, dayparts, placements, segment, product, touches, sharePpm, people, holdoutPpm, dayCapTouches } =
    booking;
  const first = localTime(instant(at), zone);
  const firstDay = [first.date, today].toSorted().at(-1) ?? today;
  const lastDay = localTime(instant(toAt - 1), zone).date;
  const only = cellOf(mondayFirst(first.weekday), first.minute / 30);
  return {
    communityIds: booking.communityIds,
    cells: spansSeveral(booking) ? cellsOf(dayparts) : new Set([only]),
    firstDay,
    lastDay: lastDay < firstDay ? firstDay : lastDay,
    product,
    segment,
    placements,
    holdoutPercent: holdoutPpm / ppmOfPercent,
    ...(product === 'touches' && { touches, dayCap: dayCapTouches }),
    ...(sharePpm !== null && { sharePercent: sharePpm / ppmOfPercent }),
    ...(people !== null && { people }),
  };
}
