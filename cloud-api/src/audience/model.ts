import { dayKinds } from './day-kind.ts';

export const halfHoursPerDay = 48;

/** Sums over days of what was counted and what its shape alone would have said, older days counting less. */
export interface LevelSums {
  readonly counted: number;
  readonly expected: number;
  /** `expected` times days of age: what a trend is measured by. */
  readonly aged: number;
}

/**
 * What is known of one entrance. All of it are sums in which a day counts by its age, so that a day that comes late adds what it would have added in time, and no
 * history is read again.
 */
export interface Model {
  /** Part of the community's touches at this placement that the profile gives to this entrance, parts per million; fixed when it began. */
  readonly scalePpm: number;
  /** The newest local day that it learned from, as days since 1970; 0: none. */
  readonly asOf: number;
  /** Days that it learned from, parts of days included. */
  readonly knownDays: number;
  readonly fast: LevelSums;
  readonly slow: LevelSums;
  /** Smoothed surprise of the last days, in standard deviations: far from zero when the level broke. */
  readonly drift: number;
  /** By how much whole days differ from what was expected, squared and relative, over what chance explains; and days in it. */
  readonly dayExcess: number;
  readonly dayWeight: number;
  /** The same of half-hours. */
  readonly excess: number;
  readonly squared: number;
  /** By kind of day and half-hour of the day: counted, and expected by profile and level; each weighed by what it tells. */
  readonly shape: Float32Array;
  /** Which half-hours of the last days were learned from, the newest day first: bit n is the n-th after midnight. */
  readonly learned: readonly LearnedDay[];
}

export interface LearnedDay {
  readonly day: number;
  readonly slots: bigint;
}

/** Later than this, counts of a day are not learned any more. */
export const lateDaysMax = 21;

/** After so many days a day counts half: for the level, for what its trend is measured against, and for shape and spread. */
const halfLifeDays = { fast: 5, slow: 21, shape: 42, spread: 21 };
const keptAfter = (halfLife: number, days: number) => 0.5 ** (days / halfLife);

/** How much a day of this age counts in each sum. */
export const weights = (ageDays: number) => ({
  fast: keptAfter(halfLifeDays.fast, ageDays),
  slow: keptAfter(halfLifeDays.slow, ageDays),
  shape: keptAfter(halfLifeDays.shape, ageDays),
});

export const shapeIndex = (kind: number, halfHour: number): number => ((kind - 1) * halfHoursPerDay + halfHour) * 2;
export const shapeLength = dayKinds.length * halfHoursPerDay * 2;

const nothing: LevelSums = { counted: 0, expected: 0, aged: 0 };

/** Before anything was counted: the profile alone speaks. */
export const newModel = (scalePpm: number): Model => ({
  scalePpm,
  asOf: 0,
  knownDays: 0,
  fast: nothing,
  slow: nothing,
  drift: 0,
  dayExcess: 0,
  dayWeight: 0,
  excess: 0,
  squared: 0,
  shape: new Float32Array(shapeLength),
  learned: [],
});

/** The same knowledge on a later day. */
export function agedTo(model: Model, day: number): Model {
  const gap = model.asOf === 0 ? 0 : Math.max(0, day - model.asOf);
  const shape = model.shape.map((sum) => sum * keptAfter(halfLifeDays.shape, gap));
  const spread = keptAfter(halfLifeDays.spread, gap);
  return {
    ...model,
    asOf: Math.max(model.asOf, day),
    fast: agedSums(model.fast, gap, halfLifeDays.fast),
    slow: agedSums(model.slow, gap, halfLifeDays.slow),
    dayExcess: model.dayExcess * spread,
    dayWeight: model.dayWeight * spread,
    excess: model.excess * spread,
    squared: model.squared * spread,
    shape,
  };
}

function agedSums({ counted, expected, aged }: LevelSums, gap: number, halfLife: number): LevelSums {
  const kept = keptAfter(halfLife, gap);
  return { counted: kept * counted, expected: kept * expected, aged: kept * (aged + gap * expected) };
}
