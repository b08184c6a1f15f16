import type { HeatMap, Sold, SoldWeek } from './contract.ts';
import { halfHoursPerDay, soldPpmOf, yieldMilliFenOf, type SoldCell, type WeekCells } from './week-cells.ts';

/** Parts of a day that are sold and priced apart, in minutes: the school run, the day, the evening peak, and the night. */
const dayparts = [
  { fromMinute: 0, toMinute: 360 },
  { fromMinute: 360, toMinute: 570 },
  { fromMinute: 570, toMinute: 960 },
  { fromMinute: 960, toMinute: 1_260 },
  { fromMinute: 1_260, toMinute: 1_440 },
] as const;
const minutesPerHalfHour = 30;
const milliPerWhole = 1_000;

const whole = (milli: number): number => Math.floor(milli / milliPerWhole);

export const shownCell = (cell: SoldCell): HeatMap['cells'][number] => ({
  expectedTouches: whole(cell.expectedMilli),
  openTouches: whole(cell.openMilli),
  soldTouches: whole(cell.soldMilli),
  soldPpm: soldPpmOf(cell),
});

export const shownSum = (cell: SoldCell): Sold => ({
  ...shownCell(cell),
  incomeFen: whole(cell.incomeMilliFen),
  yieldMilliFen: yieldMilliFenOf(cell),
});

export const daypartsOf = (cells: WeekCells): SoldWeek['dayparts'] =>
  dayparts.map((part) => {
    const isIn = (halfHour: number) => {
      const minute = (halfHour % halfHoursPerDay) * minutesPerHalfHour;
      return part.fromMinute <= minute && minute < part.toMinute;
    };
    return { ...part, ...shownSum(cells.sum(isIn)) };
  });
