const dayMs = 24 * 3_600_000;

/** A stretch of days in a row, both ends included (`YYYY-MM-DD`). */
export interface DateRange {
  readonly first: string;
  readonly last: string;
  readonly days: number;
}

const at = (date: string): number => Date.parse(`${date}T00:00:00Z`);
const dateOf = (ms: number): string => new Date(ms).toISOString().slice(0, 10);

/** Longer stretches are slips of the hand. */
export const rangeDaysMax = 31;

/** All days from the first to the last; null if they are the wrong way round or too far apart. */
export function datesBetween(first: string, last: string): string[] | null {
  const days = (at(last) - at(first)) / dayMs + 1;
  if (!Number.isInteger(days) || days < 1 || days > rangeDaysMax) return null;
  return Array.from({ length: days }, (_, n) => dateOf(at(first) + n * dayMs));
}

/** Days that follow each other are one stretch. */
export function rangesOf(dates: readonly string[]): DateRange[] {
  const ranges: { first: string; last: string; days: number }[] = [];
  for (const date of [...new Set(dates)].toSorted()) {
    const open = ranges.at(-1);
    if (open && at(date) - at(open.last) === dayMs) {
      open.last = date;
      open.days += 1;
    } else ranges.push({ first: date, last: date, days: 1 });
  }
  return ranges;
}

export const withDates = (dates: readonly string[], more: readonly string[]): string[] =>
  [...new Set([...dates, ...more])].toSorted();

export const withoutDates = (dates: readonly string[], { first, last }: Pick<DateRange, 'first' | 'last'>): string[] =>
  dates.filter((date) => date < first || date > last);

/** The days of a month as a calendar shows them: weeks from Monday, null where another month's days would stand. */
export function monthWeeks(year: number, month: number): (string | null)[][] {
  const first = Date.UTC(year, month - 1, 1);
  const count = new Date(Date.UTC(year, month, 0)).getUTCDate();
  const lead = (new Date(first).getUTCDay() + 6) % 7;
  const days = [
    ...Array.from({ length: lead }, () => null),
    ...Array.from({ length: count }, (_, n) => dateOf(first + n * dayMs)),
  ];
  return Array.from({ length: Math.ceil(days.length / 7) }, (_, week) => days.slice(week * 7, week * 7 + 7));
}
