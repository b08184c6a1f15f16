import { holidaysCn, noticedYearsCn, workedWeekendsCn } from './holidays-cn.ts';

/** One holiday of a notice, from its first to its last day. */
export interface Holiday {
  readonly name: string;
  readonly from: string;
  readonly to: string;
}

/** What the State Council says of a year: when China rests, and which Saturdays and Sundays are worked for it. */
export interface HolidayNotice {
  readonly year: number;
  readonly holidays: readonly Holiday[];
  readonly workedWeekends: readonly string[];
}

export interface HolidayCalendar {
  /** Local dates. */
  readonly rest: ReadonlySet<string>;
  readonly worked: ReadonlySet<string>;
  /** Years of which a notice is known; of others no more than the days that the regulation fixes. */
  readonly noticed: ReadonlySet<number>;
}

const yearOf = (date: string): number => Number(date.slice(0, 4));

/** What this program knows by itself. */
export const builtInCalendar: HolidayCalendar = calendarWith([]);

/** What was entered stands in place of all that this program knows of that year. */
export function calendarWith(notices: readonly HolidayNotice[]): HolidayCalendar {
  const entered = new Set(notices.map(({ year }) => year));
  const known = (dates: readonly string[]) => dates.filter((date) => !entered.has(yearOf(date)));
  const rest = notices.flatMap(({ holidays }) => holidays.flatMap(daysOf));
  const worked = notices.flatMap(({ workedWeekends }) => workedWeekends);
  return {
    rest: new Set([...known(holidaysCn), ...rest]),
    worked: new Set([...known(workedWeekendsCn), ...worked]),
    noticed: new Set([...noticedYearsCn, ...entered]),
  };
}

const dayMs = 86_400_000;
const textOf = (ms: number): string => new Date(ms).toISOString().slice(0, 10);
const msOf = (date: string): number => Date.parse(`${date}T00:00:00Z`);

/** Its dates; nothing if it ends before it begins. */
export function daysOf({ from, to }: Pick<Holiday, 'from' | 'to'>): string[] {
  const count = Math.round((msOf(to) - msOf(from)) / dayMs) + 1;
  return Array.from({ length: Math.max(0, count) }, (_, n) => textOf(msOf(from) + n * dayMs));
}

/** The longest so far was of eleven days. */
const holidayDaysMax = 16;
/** The holiday of New Year's Day may begin in the year before. */
const earlyDays = 7;

export type NoticeFault = 'no-such-day' | 'other-year' | 'ends-first' | 'too-long' | 'twice' | 'not-a-weekend';

/** What cannot be so in a notice, and of which day; undefined: it can. */
export function noticeFault({
  year,
  holidays,
  workedWeekends,
}: HolidayNotice): { fault: NoticeFault; date: string } | undefined {
  const ends = holidays.flatMap(({ from, to }) => [from, to]);
  const noDay = [...ends, ...workedWeekends].find((date) => Number.isNaN(msOf(date)) || textOf(msOf(date)) !== date);
  if (noDay !== undefined) return { fault: 'no-such-day', date: noDay };
  const first = textOf(msOf(`${year}-01-01`) - earlyDays * dayMs);
  const elsewhere = [...ends, ...workedWeekends].find((date) => date < first || date > `${year}-12-31`);
  if (elsewhere !== undefined) return { fault: 'other-year', date: elsewhere };
  for (const { from, to } of holidays) {
    if (to < from) return { fault: 'ends-first', date: from };
    if (daysOf({ from, to }).length > holidayDaysMax) return { fault: 'too-long', date: from };
  }
  const all = [...holidays.flatMap(daysOf), ...workedWeekends];
  const twice = all.find((date, n) => all.indexOf(date) !== n);
  if (twice !== undefined) return { fault: 'twice', date: twice };
  const workday = workedWeekends.find((date) => ![0, 6].includes(new Date(msOf(date)).getUTCDay()));
  return workday === undefined ? undefined : { fault: 'not-a-weekend', date: workday };
}
