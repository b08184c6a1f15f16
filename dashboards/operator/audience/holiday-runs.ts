export interface Holiday {
  readonly name: string;
  /** Local days, both included. */
  readonly from: string;
  readonly to: string;
}

const dayMs = 86_400_000;
const dayAfter = (day: string): string => new Date(Date.parse(day) + dayMs).toISOString().slice(0, 10);

/** Days in a row that have no names of their own, as one holiday; in their order. */
export function inRuns(holidays: readonly Holiday[]): readonly Holiday[] {
  const runs: Holiday[] = [];
  for (const one of holidays.toSorted((a, b) => a.from.localeCompare(b.from))) {
    const last = runs.at(-1);
    if (last?.name === '' && one.name === '' && dayAfter(last.to) === one.from)
      runs[runs.length - 1] = { ...last, to: one.to };
    else runs.push(one);
  }
  return runs;
}

/** Of the seven usual ones, in the order of the year, which begins in a month (1 to 12). */
const usualIn: Readonly<Record<number, number>> = { 2: 1, 4: 2, 5: 3, 6: 4, 9: 5, 10: 6, 12: 0 };

/** What a holiday without a name probably is: `usual` are the names of the seven, in the order of the year. The first of January's is New Year. */
export function probableName({ from }: Holiday, usual: readonly string[]): string {
  const [month, day] = [Number(from.slice(5, 7)), Number(from.slice(8))];
  const january = day <= 3 ? 0 : 1;
  return usual[month === 1 ? january : (usualIn[month] ?? -1)] ?? '';
}
