import type { Placement } from '@gatecast/firmware-protocol/messages';

/** One placement, or all of them: what was bought wherever somebody comes by first stands in `all` alone. */
export const wheres = ['all', 'gate', 'unit-door', 'lift'] as const satisfies readonly (Placement | 'all')[];
export type Where = (typeof wheres)[number];

export const halfHoursPerDay = 48;
export const halfHoursPerWeek = 7 * halfHoursPerDay;

/** One half-hour of the week, or a sum of them, in milli-touches and thousandths of a fen. */
export interface SoldCell {
  readonly expectedMilli: number;
  /** Of the expected, what the owners let be sold. */
  readonly openMilli: number;
  readonly soldMilli: number;
  readonly incomeMilliFen: number;
}

const numbersPerCell = 4;
const noneOpen = -1;

/** Sums by the half-hours of a local week, from Monday's midnight on. Whole numbers far below 2^53. */
export class WeekCells {
  readonly numbers: Float64Array;

  constructor(numbers = new Float64Array(halfHoursPerWeek * numbersPerCell)) {
    this.numbers = numbers;
  }

  add(halfHour: number, { expectedMilli, openMilli, soldMilli, incomeMilliFen }: SoldCell): void {
    const n = halfHour * numbersPerCell;
    const adds = [expectedMilli, openMilli, soldMilli, incomeMilliFen];
    for (const [i, add] of adds.entries()) this.numbers[n + i] = (this.numbers[n + i] ?? 0) + add;
  }

  addAll(other: WeekCells): void {
    for (const [n, number] of other.numbers.entries()) this.numbers[n] = (this.numbers[n] ?? 0) + number;
  }

  cell(halfHour: number): SoldCell {
    const n = halfHour * numbersPerCell;
    const at = (i: number) => this.numbers[n + i] ?? 0;
    return { expectedMilli: at(0), openMilli: at(1), soldMilli: at(2), incomeMilliFen: at(3) };
  }

  /** Of the half-hours that are in; of all of them without. */
  sum(isIn: (halfHour: number) => boolean = () => true): SoldCell {
    const sum = { expectedMilli: 0, openMilli: 0, soldMilli: 0, incomeMilliFen: 0 };
    for (let halfHour = 0; halfHour < halfHoursPerWeek; halfHour += 1) {
      if (!isIn(halfHour)) continue;
      const cell = this.cell(halfHour);
      sum.expectedMilli += cell.expectedMilli;
      sum.openMilli += cell.openMilli;
      sum.soldMilli += cell.soldMilli;
      sum.incomeMilliFen += cell.incomeMilliFen;
    }
    return sum;
  }
}

/** 64-bit floats in the machine's order. */
export const packWeek = ({ numbers }: WeekCells): Buffer => Buffer.from(numbers.buffer);
export const unpackWeek = (bytes: Uint8Array): WeekCells =>
  new WeekCells(new Float64Array(Uint8Array.from(bytes).buffer));

/** Sold of what is open in parts per million; null: nothing is open. More is planned than is open where the forecast fell since. */
export const soldPpmOf = ({ openMilli, soldMilli }: Pick<SoldCell, 'openMilli' | 'soldMilli'>): number | null =>
  openMilli === 0 ? null : Math.min(1_000_000, Math.round((soldMilli / openMilli) * 1_000_000));

/** As a column that orders: what has nothing open is neither worst nor best. */
export const soldPpmColumn = (cell: SoldCell): number => soldPpmOf(cell) ?? noneOpen;

/** Income per expected touch in thousandths of a fen. */
export const yieldMilliFenOf = ({ expectedMilli, incomeMilliFen }: SoldCell): number =>
  expectedMilli === 0 ? 0 : Math.round((incomeMilliFen / expectedMilli) * 1_000);
