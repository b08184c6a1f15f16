import type { ForecastCell } from './forecast.ts';
import { widened } from './interval.ts';
import { comparableMeanMin } from './learn.ts';
import { noiseVariance, touchesGiven } from './told-counts.ts';

/** How told forecasts compared with what was counted, in milli-touches. */
export interface Score {
  readonly actualMilli: number;
  readonly expectedMilli: number;
  readonly errorMilli: number;
  readonly cells: number;
  readonly within: number;
}

export const noScore: Score = { actualMilli: 0, expectedMilli: 0, errorMilli: 0, cells: 0, within: 0 };

/**
 * One half-hour added. Those of which few were expected are passed over, picked by what was expected and never by how it turned out; a withheld count among the
 * others counts as what it stands for, and lies within when the interval reaches below ten. The interval is wider by the terminals' noise.
 */
export function scored(score: Score, cell: ForecastCell, told: readonly (number | null)[]): Score {
  const mean = cell.expectedMilli / 1_000;
  if (mean / told.length < comparableMeanMin) return score;
  const bounds = { low: cell.lowMilli / 1_000, high: cell.highMilli / 1_000 };
  const { low, high } = widened(bounds, mean, noiseVariance * told.length);
  const part = mean / told.length;
  const actual = told.reduce<number>((sum, one) => sum + (one ?? touchesGiven(null, part, 0)), 0);
  const isWithin = told.every((one) => one === null) ? low < actual + 1 : actual >= low && actual <= high;
  return {
    actualMilli: score.actualMilli + Math.round(actual * 1_000),
    expectedMilli: score.expectedMilli + cell.expectedMilli,
    errorMilli: score.errorMilli + Math.round(Math.abs(actual - mean) * 1_000),
    cells: score.cells + 1,
    within: score.within + (isWithin ? 1 : 0),
  };
}
