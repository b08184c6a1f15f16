import type { AudienceHalfHour } from '@gatecast/cloud-api/client';

type Cell = Pick<AudienceHalfHour, 'at' | 'expectedMilli' | 'lowMilli' | 'highMilli' | 'counted' | 'countedTouches'>;

export const chartWidth = 480;
export const chartHeight = 132;
const inset = 6;
const halfHourMs = 1_800_000;

/** Thousandths of a touch as the touches that people speak of. */
export const touchesOf = (milli: number): number => Math.round(milli / 1_000);

/** The most that a set of days shows, so that all have one scale. */
export const highestOf = (cells: readonly Cell[]): number =>
  Math.max(10, ...cells.flatMap(({ highMilli, countedTouches }) => [highMilli / 1_000, countedTouches ?? 0]));

/** Half-hours of one local day, under its date, in their order. */
export function byLocalDay<C extends Cell>(cells: readonly C[], dateOf: (at: number) => string): [string, C[]][] {
  const days = new Map<string, C[]>();
  for (const cell of [...cells].sort((a, b) => a.at - b.at)) {
    const date = dateOf(cell.at);
    days.set(date, [...(days.get(date) ?? []), cell]);
  }
  return [...days];
}

export interface DayShapes {
  /** The interval, closed. */
  readonly band: string;
  readonly line: string;
  readonly dots: readonly { readonly x: number; readonly y: number; readonly isWithheld: boolean }[];
}

/** A day as it is drawn: the middle of each half-hour to the right, touches upwards. A withheld count stands on the floor. */
export function dayShapes(cells: readonly Cell[], from: number, highest: number): DayShapes {
  const span = Math.max(48, cells.length) * halfHourMs;
  const x = (at: number) => Math.round(((at + halfHourMs / 2 - from) / span) * chartWidth * 10) / 10;
  const y = (touches: number) =>
    Math.round((chartHeight - inset - (touches / highest) * (chartHeight - 2 * inset)) * 10) / 10;
  const point = (at: number, milli: number) => `${x(at)} ${y(milli / 1_000)}`;
  const upper = cells.map(({ at, highMilli }) => point(at, highMilli));
  const lower = cells.map(({ at, lowMilli }) => point(at, lowMilli)).reverse();
  return {
    band: cells.length === 0 ? '' : `M${[...upper, ...lower].join('L')}Z`,
    line: cells.length === 0 ? '' : `M${cells.map(({ at, expectedMilli }) => point(at, expectedMilli)).join('L')}`,
    dots: cells.flatMap(({ at, counted, countedTouches }): DayShapes['dots'] => {
      if (counted === 'withheld') return [{ x: x(at), y: y(0), isWithheld: true }];
      return countedTouches === null ? [] : [{ x: x(at), y: y(countedTouches), isWithheld: false }];
    }),
  };
}

/** Whether nothing was told before this day, which has begun: what is drawn then is no forecast. */
export const isAfterwards = (cells: readonly Pick<AudienceHalfHour, 'madeAt' | 'counted'>[]): boolean =>
  cells.some(({ madeAt, counted }) => madeAt === null && counted !== 'open');

/** Sums of a day, and its busiest half-hour. */
export function daySums(cells: readonly Cell[]) {
  const busiest = cells.reduce<Cell | undefined>(
    (most, cell) => (most && most.expectedMilli >= cell.expectedMilli ? most : cell),
    undefined,
  );
  return {
    expected: touchesOf(cells.reduce((sum, { expectedMilli }) => sum + expectedMilli, 0)),
    counted: cells.reduce((sum, { countedTouches }) => sum + (countedTouches ?? 0), 0),
    busiestAt: busiest?.at ?? 0,
  };
}
