import { groupOf, holiday, type DayKind } from './day-kind.ts';
import { dayShape, dayVariance, expectDay, levelOf, slotSpread, type Expected, type Prior } from './expectation.ts';
import { agedTo, halfHoursPerDay, lateDaysMax, shapeIndex, weights, type LevelSums, type Model } from './model.ts';
import { noiseVariance, touchesGiven } from './told-counts.ts';

/** One half-hour of a local day, of which every screen of the entrance has told. */
export interface ToldSlot {
  /** The n-th half-hour after midnight. */
  readonly index: number;
  /** By the clock on the wall, 0 to 47; on the day when summer time ends two have the same. */
  readonly halfHour: number;
  /** What each screen told; null where it withheld its count. */
  readonly told: readonly (number | null)[];
}

/** What is known of a local day at one entrance. Half-hours that are not there were not told: nothing is known of them, least of all that nobody came. */
export interface ToldDay {
  /** Since 1970-01-01. */
  readonly day: number;
  readonly kind: DayKind;
  readonly slots: readonly ToldSlot[];
}

/** Holidays say little of the level of ordinary days. */
const holidayWeight = 0.25;
/** A surprise of one day counts for so many standard deviations at most, so that it takes two days to believe in a break. */
const surpriseMax = 2.5;
const surpriseKept = 0.5;
const breakFrom = 1.5;
/** What is kept of what was before a break. */
const keptAfterBreak = 0.15;
/** Where a count is nearly always told: those below would be picked by how they turned out. */
export const comparableMeanMin = 15;
/** A squared surprise counts for so many variances at most. */
const excessMax = 9;
const daysBeforeSpread = 2;

interface Read extends ToldSlot {
  /** What is to be expected of it, given what was told. */
  readonly touches: number;
  readonly before: Expected;
  /** Profile and shape at level one. */
  readonly shaped: number;
}

/** The model after a day, or after what came late of one. What was learned before is passed over. */
export function learnDay(before: Model, prior: Prior, told: ToldDay): Model {
  const model = agedTo(before, told.day);
  const age = model.asOf - told.day;
  const slots = age > lateDaysMax ? [] : unlearned(before, told);
  if (slots.length === 0) return before;
  const read = readSlots(model, prior, told, slots);
  const whole = slots.length / halfHoursPerDay;
  const level = learnLevel(model, prior, read, { age, isHoliday: told.kind === holiday, whole });
  const leveled = { ...model, ...level, learned: marked(model, told, slots), knownDays: model.knownDays + whole };
  const spread = age === 0 ? learnSpread(model, read) : {};
  return { ...leveled, ...spread, shape: learnShape(leveled, prior, told.kind, read, weights(age).shape) };
}

function unlearned({ learned }: Model, { day, slots }: ToldDay): ToldSlot[] {
  const known = learned.find((one) => one.day === day)?.slots ?? 0n;
  return slots.filter(({ index }) => (known & (1n << BigInt(index))) === 0n);
}

function marked({ learned, asOf }: Model, { day }: ToldDay, slots: readonly ToldSlot[]): Model['learned'] {
  const bits = slots.reduce((all, { index }) => all | (1n << BigInt(index)), 0n);
  const before = learned.find((one) => one.day === day)?.slots ?? 0n;
  const others = learned.filter((one) => one.day !== day && asOf - one.day <= lateDaysMax);
  return [...others, { day, slots: before | bits }].sort((a, b) => b.day - a.day);
}

function readSlots(model: Model, prior: Prior, { kind }: ToldDay, slots: readonly ToldSlot[]): Read[] {
  const expected = expectDay(model, prior, kind, 1);
  const shaped = dayShape(model, prior, kind).touches;
  return slots.map((slot) => {
    const before = expected[slot.halfHour] ?? { mean: 0, spread: 0 };
    const mean = before.mean / slot.told.length;
    const touches = slot.told.reduce<number>((sum, one) => sum + touchesGiven(one, mean, before.spread), 0);
    return { ...slot, touches, before, shaped: shaped[slot.halfHour] ?? 0 };
  });
}

const total = (slots: readonly Read[], pick: (slot: Read) => number) => slots.reduce((sum, s) => sum + pick(s), 0);

interface Circumstances {
  readonly age: number;
  readonly isHoliday: boolean;
  /** Part of the day that is known. */
  readonly whole: number;
}

function learnLevel(model: Model, prior: Prior, read: readonly Read[], { age, isHoliday, whole }: Circumstances) {
  const counted = total(read, (s) => s.touches);
  const expected = total(read, (s) => s.shaped);
  const forget = isHoliday ? holidayWeight : 1;
  const weight = weights(age);
  const plus = (sums: LevelSums, w: number): LevelSums => ({
    counted: sums.counted + w * counted,
    expected: sums.expected + w * expected,
    aged: sums.aged + w * expected * age,
  });
  const surprise = age === 0 && !isHoliday && whole >= 0.5 ? surpriseOf(model, prior, read) : null;
  if (surprise?.isBreak) {
    const short = plus(shortened(model.fast), weight.fast * forget);
    return { fast: short, slow: short, drift: 0 };
  }
  const { isBreak: _, ...learned } = surprise ?? { isBreak: false };
  return { fast: plus(model.fast, weight.fast * forget), slow: plus(model.slow, weight.slow * forget), ...learned };
}

const shortened = ({ counted, expected, aged }: LevelSums): LevelSums => ({
  counted: keptAfterBreak * counted,
  expected: keptAfterBreak * expected,
  aged: keptAfterBreak * aged,
});

/** How far a whole day was from what was expected: what the spread of days is learned from, and a break in the level seen by. */
function surpriseOf(model: Model, prior: Prior, read: readonly Read[]) {
  const mean = total(read, (s) => s.before.mean);
  if (model.knownDays < daysBeforeSpread || mean < comparableMeanMin) return null;
  const chance = 1 / mean + levelOf(model, prior).variance;
  const relative = total(read, (s) => s.touches) / mean - 1;
  const variance = dayVariance(model) + chance;
  const deviate = Math.max(-surpriseMax, Math.min(surpriseMax, relative / Math.sqrt(variance)));
  const drift = surpriseKept * model.drift + (1 - surpriseKept) * deviate;
  return {
    drift,
    isBreak: Math.abs(drift) > breakFrom,
    dayExcess: model.dayExcess + Math.min(excessMax * variance, relative * relative) - chance,
    dayWeight: model.dayWeight + 1,
  };
}

/** Method of moments: what squared errors are more than chance, noise and what is not known of level and shape explain. */
function learnSpread(model: Model, read: readonly Read[]) {
  if (model.knownDays < daysBeforeSpread) return {};
  let { excess, squared } = model;
  const own = slotSpread(
    model,
    total(read, (s) => s.before.mean ** 2),
  );
  for (const { before, told, touches } of read) {
    const { mean, spread } = before;
    if (mean / told.length < comparableMeanMin || told.includes(null)) continue;
    const explained = mean + noiseVariance * told.length + (spread - own) * mean ** 2;
    const most = excessMax * (explained + own * mean ** 2);
    excess += Math.min(most, (touches - mean) ** 2) - explained;
    squared += mean ** 2;
  }
  return { excess, squared };
}

/** A half-hour tells of the shape by what it counted against profile and level, the less the more such half-hours vary. */
function learnShape(model: Model, prior: Prior, kind: DayKind, read: readonly Read[], weight: number): Float32Array {
  const shape = Float32Array.from(model.shape);
  const level = levelOf(model, prior).now;
  const own = slotSpread(
    model,
    total(read, (s) => s.before.mean ** 2),
  );
  const profile = prior.touches[groupOf(kind)];
  for (const { halfHour, touches } of read) {
    const expected = (profile[halfHour] ?? 0) * level;
    const information = weight / (1 + own * expected);
    const at = shapeIndex(kind, halfHour);
    shape[at] = (shape[at] ?? 0) + information * touches;
    shape[at + 1] = (shape[at + 1] ?? 0) + information * expected;
  }
  return shape;
}
