import { dateOfNumber, localDaysOf, type LocalDays } from '../platform/db/local-days.ts';

/** Which day "today" is where no community says it. */
export const homeZone = 'Asia/Shanghai';
/** Days that one answer is of: three years. */
export const daysMax = 1_100;

/** Local days, both included, and when they are in each zone of a campaign's communities. */
export interface Asked {
  readonly from: string;
  readonly to: string;
  readonly zones: readonly LocalDays[];
}

const dayMs = 86_400_000;
const later = (date: string, days: number): string => dateOfNumber(Date.parse(`${date}T00:00:00Z`) / dayMs + days);
const earlier = (a: string, b: string): string => (a < b ? a : b);

/** From the campaign's first day to today, or what of it is asked for; no more than the latest {@link daysMax}. */
export function daysAsked(
  asked: { readonly from?: string | undefined; readonly to?: string | undefined },
  known: { readonly zones: readonly string[]; readonly first: string; readonly today: string },
): Asked {
  // Elsewhere it may be a day earlier or later than here.
  const [first, last] = [later(known.first, -1), later(known.today, 1)];
  const to = earlier(asked.to ?? known.today, last);
  const begins = [asked.from ?? known.first, first, later(to, 1 - daysMax)].reduce((a, b) => (a > b ? a : b));
  const from = earlier(begins, to);
  return { from, to, zones: known.zones.map((zone) => localDaysOf(zone, from, to)) };
}

/** The same asked of all zones, one after the other. */
export async function inZones<Row>(
  { zones }: Asked,
  read: (days: LocalDays) => Promise<readonly Row[]>,
): Promise<Row[]> {
  const found: Row[] = [];
  for (const days of zones) found.push(...(await read(days)));
  return found;
}
