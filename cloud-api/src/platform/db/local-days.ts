import { zonedInstant, type InstantMs } from '@gatecast/firmware-protocol';
import { sql, type Column, type SQL } from 'drizzle-orm';

const dayMs = 86_400_000;

/** Local days of a zone, first and last included, as spans in which the days follow each other alike. */
export interface LocalDays {
  readonly zone: string;
  readonly from: InstantMs;
  readonly to: InstantMs;
  readonly stretches: readonly Stretch[];
}
/** Until `to` the zone's clocks are `offsetMs` ahead of UTC, or it is one day all along: of 23 or 25 hours. */
type Stretch = { readonly to: InstantMs } & ({ readonly offsetMs: number } | { readonly day: number });

const numberOf = (date: string): number => Date.parse(`${date}T00:00:00Z`) / dayMs;
/** Of a day as {@link localDayNumber} counts them. */
export const dateOfNumber = (day: number): string => new Date(day * dayMs).toISOString().slice(0, 10);

/** One look at the calendar for each day, so callers bound how many. */
export function localDaysOf(zone: string, first: string, last: string): LocalDays {
  const stretches: Stretch[] = [];
  const from = zonedInstant(first, 0, zone);
  let begins = from;
  for (let day = numberOf(first); day <= numberOf(last); day++) {
    const to = zonedInstant(dateOfNumber(day + 1), 0, zone);
    const offsetMs = day * dayMs - begins;
    const before = stretches.at(-1);
    if (to - begins !== dayMs) stretches.push({ to, day });
    else if (before && 'offsetMs' in before && before.offsetMs === offsetMs)
      stretches[stretches.length - 1] = { to, offsetMs };
    else stretches.push({ to, offsetMs });
    begins = to;
  }
  return { zone, from, to: begins, stretches };
}

/**
 * The number of the local day that a moment is in, to group by, for rows between `from` and `to`. In whole numbers that stand in the text: SQLite would
 * take parameters for fractions, and PostgreSQL would not know two of them for the same in `group by`.
 */
export function localDayNumber(at: Column, { stretches }: LocalDays): SQL<number> {
  const cases = stretches.map((stretch) => {
    const day =
      'day' in stretch
        ? sql.raw(String(stretch.day))
        : sql`(${at} + ${sql.raw(`(${stretch.offsetMs})`)}) / ${sql.raw(String(dayMs))}`;
    return sql`when ${at} < ${sql.raw(String(stretch.to))} then ${day}`;
  });
  return sql<number>`case ${sql.join(cases, sql` `)} end`.mapWith(Number);
}

/** Those of the keys that rows are told apart by. */
export const picked = <T extends object, K extends keyof T>(of: T, keys: readonly K[]): Pick<T, K> =>
  Object.fromEntries(keys.map((key) => [key, of[key]])) as Pick<T, K>;
