import type { AudienceAccuracy, CommunityAccuracy } from './contract.ts';
import { noScore, type Score } from './score.ts';

/** How one local day went. */
export interface DayScore extends Score {
  readonly day: string;
  readonly dayKind: number;
}

const whole = 1_000_000;
const partOf = (part: number, of: number) => (of === 0 ? null : Math.round((whole * part) / of));

/** The figures of a comparison. */
export const accuracyOf = ({ cells, within, expectedMilli, actualMilli, errorMilli }: Score): AudienceAccuracy => ({
  cells,
  expectedMilli,
  actualMilli,
  wapePpm: partOf(errorMilli, actualMilli),
  coveragePpm: partOf(within, cells),
  biasPpm: partOf(expectedMilli - actualMilli, actualMilli),
});

const plus = (a: Score, b: Score): Score => ({
  cells: a.cells + b.cells,
  within: a.within + b.within,
  expectedMilli: a.expectedMilli + b.expectedMilli,
  actualMilli: a.actualMilli + b.actualMilli,
  errorMilli: a.errorMilli + b.errorMilli,
});
const together = (scores: readonly Score[]): AudienceAccuracy => accuracyOf(scores.reduce(plus, noScore));

/** Days, the newest first, all together, and each kind of day by itself. */
export function accuracyOfDays(days: readonly DayScore[]): Pick<CommunityAccuracy, 'total' | 'byKind' | 'days'> {
  const byKind = Map.groupBy(days, ({ dayKind }) => dayKind);
  return {
    total: together(days),
    byKind: [...byKind].sort(([a], [b]) => a - b).map(([kind, scores]) => ({ kind, ...together(scores) })),
    days: days.map((score) => ({ day: score.day, kind: score.dayKind, ...accuracyOf(score) })),
  };
}
