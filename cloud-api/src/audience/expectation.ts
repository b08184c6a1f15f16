import type { DayGroup } from './day-curve.ts';
import { dayKinds, groupOf, type DayKind } from './day-kind.ts';
import { halfHoursPerDay, shapeIndex, type LevelSums, type Model } from './model.ts';

/** What is believed of an entrance before anything was counted there. */
export interface Prior {
  /** Touches by half-hour of the local day, from the community's profile. */
  readonly touches: Readonly<Record<DayGroup, readonly number[]>>;
  /** How many times that entrances like it turned out to have, and how much they differ in that (variance, relative). */
  readonly level: number;
  readonly levelVariance: number;
}

/** What is expected of a half-hour: a mean of touches, and a variance of `mean + spread × mean²`. */
export interface Expected {
  readonly mean: number;
  readonly spread: number;
}

/** A shape differs from the profile's by about 1/√4 = 50 % where nothing is known, a kind of day from its group by 1/√25 = 20 %. */
const groupInformation = 4;
const kindInformation = 25;

/** Relative variance of whole days and of half-hours around what is known, until an entrance has shown its own: 10 % and 17 %. */
const dayVarianceFirst = 0.01;
const spreadFirst = 0.03;
/** Days that these first values count for. */
const firstDays = 5;
const spreadMin = 0.002;
const spreadMax = 0.5;

/** Each day further ahead the level may have moved by 2 %. */
const driftVariancePerDay = 0.0004;
/** A trend fades: tomorrow nine tenths of it, the day after nine tenths of that. */
const trendKept = 0.9;
const trendMax = 0.03;
/** A trend needs two memories of so different an age. */
const trendAgeMin = 4;

/** Variance of whole days, relative, beyond chance. */
export const dayVariance = ({ dayExcess, dayWeight }: Model): number =>
  Math.min(0.25, Math.max(0.0005, (dayExcess + firstDays * dayVarianceFirst) / (dayWeight + firstDays)));

/** Variance of half-hours, relative, beyond chance. `squaredADay`: sum of the squared means of a day. */
export function slotSpread({ excess, squared }: Model, squaredADay: number): number {
  const first = firstDays * squaredADay;
  const estimate = first + squared > 0 ? (excess + first * spreadFirst) / (squared + first) : spreadFirst;
  return Math.min(spreadMax, Math.max(spreadMin, estimate));
}

/** Days for which the profile counts: as many as make up for how far it may be off (empirical Bayes). */
const priorDays = (prior: Prior): number =>
  Math.min(5, Math.max(0.5, dayVarianceFirst / Math.max(prior.levelVariance, 1e-4)));

const sum = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0);

export interface Level {
  /** How many times the profile's touches come by. */
  readonly now: number;
  /** Growth a day, as a logarithm. */
  readonly trend: number;
  /** How much is not known of it, relative. */
  readonly variance: number;
}

/** The level from the last days, the profile counting as `priorDays` of them. */
export function levelOf(model: Model, prior: Prior): Level {
  const perDay = sum(prior.touches.work);
  const weight = priorDays(prior) * perDay;
  const { counted, expected } = model.fast;
  if (weight + expected === 0) return { now: prior.level, trend: 0, variance: prior.levelVariance };
  const now = (prior.level * weight + counted) / (weight + expected);
  const known = expected / perDay / dayVarianceFirst;
  const variance = prior.levelVariance / (1 + prior.levelVariance * known);
  return { now, trend: trendOf(model, perDay), variance };
}

const ratioOf = ({ counted, expected }: LevelSums) => counted / expected;
const ageOf = ({ aged, expected }: LevelSums) => aged / expected;

/** What a young and an old memory of the level disagree in, over the time between them; shrunk to nothing where chance would explain it. */
function trendOf(model: Model, perDay: number): number {
  const { fast, slow } = model;
  if (fast.counted <= 0 || slow.counted <= 0) return 0;
  const apart = ageOf(slow) - ageOf(fast);
  if (apart < trendAgeMin) return 0;
  const difference = Math.log(ratioOf(fast) / ratioOf(slow));
  const chance = dayVariance(model) * Math.max(0, perDay / (2 * fast.expected) - perDay / (2 * slow.expected));
  const believed = Math.max(0, 1 - chance / (difference * difference));
  return Math.max(-trendMax, Math.min(trendMax, (believed * difference) / apart));
}

/** Counted and expected of all days of one group, by half-hour. */
function groupSums(shape: Float32Array, group: DayGroup, halfHour: number) {
  let counted = 0;
  let expected = 0;
  for (const kind of dayKinds) {
    if (groupOf(kind) !== group) continue;
    const at = shapeIndex(kind, halfHour);
    counted += shape[at] ?? 0;
    expected += shape[at + 1] ?? 0;
  }
  return { counted, expected };
}

/** How many times the profile's part of the day one half-hour of this kind of day has, and how much is not known of that. */
function shapeOf(shape: Float32Array, kind: DayKind, halfHour: number): { readonly times: number; variance: number } {
  const group = groupSums(shape, groupOf(kind), halfHour);
  const ofGroup = (groupInformation + group.counted) / (groupInformation + group.expected);
  const at = shapeIndex(kind, halfHour);
  const counted = shape[at] ?? 0;
  const expected = (shape[at + 1] ?? 0) * ofGroup;
  return {
    times: (ofGroup * (kindInformation + counted)) / (kindInformation + expected),
    variance: 1 / (groupInformation + group.expected) + 1 / (kindInformation + expected),
  };
}

/** A day at level one: touches of each half-hour by profile and shape, and the variance of the shape. */
export interface DayShape {
  readonly touches: readonly number[];
  readonly variances: readonly number[];
}

export function dayShape(model: Model, prior: Prior, kind: DayKind): DayShape {
  const profile = prior.touches[groupOf(kind)];
  const shapes = Array.from({ length: halfHoursPerDay }, (_, halfHour) => shapeOf(model.shape, kind, halfHour));
  return {
    touches: shapes.map(({ times }, halfHour) => times * (profile[halfHour] ?? 0)),
    variances: shapes.map(({ variance }) => variance),
  };
}

/** The level so many days after the last one learned: the trend goes on, and fades. */
function levelAhead({ now, trend }: Level, age: number, daysAhead: number): number {
  const faded = (trendKept * (1 - trendKept ** daysAhead)) / (1 - trendKept);
  return now * Math.exp(trend * (age + faded));
}

/** What is expected of each half-hour of a local day of this kind, so many days (from 1) after the last one that was learned. */
export function expectDay(model: Model, prior: Prior, kind: DayKind, daysAhead: number): Expected[] {
  const shape = dayShape(model, prior, kind);
  const level = levelOf(model, prior);
  const age = model.fast.expected > 0 ? ageOf(model.fast) : 0;
  const now = levelAhead(level, age, daysAhead);
  const means = shape.touches.map((touches) => touches * now);
  const own = slotSpread(model, sum(means.map((mean) => mean * mean)));
  const drift = driftVariancePerDay * (daysAhead - 1);
  return means.map((mean, halfHour) => ({
    mean,
    spread: own + drift + level.variance + (shape.variances[halfHour] ?? 0),
  }));
}
