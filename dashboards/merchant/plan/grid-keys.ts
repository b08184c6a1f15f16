import { halfHoursPerDay } from './windows.ts';

const weekdays = 7;
const steps: Readonly<Record<string, { readonly day: number; readonly half: number }>> = {
  ArrowLeft: { day: -1, half: 0 },
  ArrowRight: { day: 1, half: 0 },
  ArrowUp: { day: 0, half: -1 },
  ArrowDown: { day: 0, half: 1 },
  PageUp: { day: 0, half: -4 },
  PageDown: { day: 0, half: 4 },
  Home: { day: -weekdays, half: 0 },
  End: { day: weekdays, half: 0 },
};
/** The half-hours of a day that are shown: from the first to before the last. */
export interface Rows {
  readonly first: number;
  readonly last: number;
}

const within = (n: number, min: number, max: number): number => Math.min(max, Math.max(min, n));

/** Where a key leads from a cell of the week: days lie beside each other, half-hours below. It stays in the grid; undefined: no such key. */
export function stepOf(key: string, cell: number, { first, last }: Rows): number | undefined {
  const step = steps[key];
  if (!step) return undefined;
  const day = within(Math.floor(cell / halfHoursPerDay) + step.day, 0, weekdays - 1);
  const half = within((cell % halfHoursPerDay) + step.half, first, last - 1);
  return day * halfHoursPerDay + half;
}

/** The cells of the rectangle between two of them, both included. */
export function rectangle(a: number, b: number): number[] {
  const span = (of: (cell: number) => number): readonly [number, number] => [
    Math.min(of(a), of(b)),
    Math.max(of(a), of(b)),
  ];
  const [dayFrom, dayTo] = span((cell) => Math.floor(cell / halfHoursPerDay));
  const [halfFrom, halfTo] = span((cell) => cell % halfHoursPerDay);
  const cells: number[] = [];
  for (let day = dayFrom; day <= dayTo; day++)
    for (let half = halfFrom; half <= halfTo; half++) cells.push(day * halfHoursPerDay + half);
  return cells;
}
