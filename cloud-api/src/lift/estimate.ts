import { centred } from './centre.ts';

/** A community on one of its local days on which the campaign was to run. */
export interface CommunityDay {
  /** Days of one community with one size of holdout: among them every draw was as likely as any other of as many days. */
  readonly stratum: string;
  /** 0 for Sunday to 6 for Saturday. */
  readonly weekday: number;
  readonly isHeldOut: boolean;
}

/** Of the unit that stands beside it. */
export interface Interval {
  readonly estimate: number;
  readonly low: number;
  readonly high: number;
}

export interface EstimateOptions {
  /** Re-draws besides the real one. */
  readonly draws: number;
  readonly seed: number;
  /** Lets others have their turn between draws of so many days in all; default: nobody waits. */
  readonly pause?: (() => Promise<void>) | undefined;
}

/** One draw in twenty is as far out by chance alone. */
const alpha = 0.05;
/** Days that are drawn between two pauses: a few milliseconds. */
const daysPerTurn = 100_000;

/**
 * What the campaign changed in a community on a day: the difference in means between days on which it ran and days on which it was held out, after each
 * community's own level and what a weekday has in common were taken out of both (least squares with those two factors; by Frisch, Waugh and Lovell the slope is
 * `T'My / T'MT`).
 *
 * The interval takes in every constant effect that the draw itself does not contradict at 95 %: held-out days are drawn again among the days of each stratum, and
 * an effect is kept while the real draw is not among the 5 % that fit it worst (randomisation inference; Fisher 1935, Rosenbaum 2002 ch. 2; Bojinov, Simchi-Levi
 * and Zhao 2023 for switchbacks). It assumes no distribution of orders, and holds for as few days as there are.
 *
 * Undefined where the days bear no such interval: one arm is missing in all strata, or the draws are too few to exclude anything.
 */
export async function estimateEffect(
  days: readonly CommunityDay[],
  outcome: readonly number[],
  { draws, seed, pause }: EstimateOptions,
): Promise<Interval | undefined> {
  const treated = days.map(({ isHeldOut }) => (isHeldOut ? 0 : 1));
  const y = centred(days, outcome);
  const t = centred(days, treated);
  const real = { effect: dot(treated, y), self: dot(treated, t) };
  if (real.self < 1e-9) return undefined;
  const random = randomOf(seed);
  const members = [...Map.groupBy(days.keys(), (n) => days[n]?.stratum).values()];
  const drawn = [...treated];
  const redrawn: { effect: number; self: number }[] = [];
  const perTurn = Math.max(1, Math.floor(daysPerTurn / days.length));
  for (let n = 0; n < draws; n += 1) {
    for (const own of members) shuffle(drawn, own, random);
    redrawn.push({ effect: dot(drawn, y), self: dot(drawn, t) });
    if (pause && n % perTurn === perTurn - 1) await pause();
  }
  const fits = (effect: number): boolean => {
    const far = Math.abs(real.effect - effect * real.self) - 1e-9;
    const asFar = redrawn.filter((one) => Math.abs(one.effect - effect * one.self) >= far).length;
    return (asFar + 1) / (draws + 1) > alpha;
  };
  const estimate = real.effect / real.self;
  const low = edgeOf(fits, estimate, -1);
  const high = edgeOf(fits, estimate, 1);
  return low === undefined || high === undefined ? undefined : { estimate, low, high };
}

const doublingsMax = 40;
const halvings = 30;

/** The last effect in one direction that still fits. */
function edgeOf(fits: (effect: number) => boolean, from: number, sign: 1 | -1): number | undefined {
  let step = Math.max(0.01, Math.abs(from) / 8);
  let doublings = 0;
  while (fits(from + sign * step)) {
    step *= 2;
    doublings += 1;
    if (doublings > doublingsMax) return undefined;
  }
  let inside = 0;
  let outside = step;
  for (let n = 0; n < halvings; n += 1) {
    const middle = (inside + outside) / 2;
    if (fits(from + sign * middle)) inside = middle;
    else outside = middle;
  }
  return from + sign * outside;
}

function dot(a: readonly number[], b: readonly number[]): number {
  let sum = 0;
  for (let n = 0; n < a.length; n += 1) sum += (a[n] ?? 0) * (b[n] ?? 0);
  return sum;
}

/** Fisher and Yates, of the values at these places. */
function shuffle(values: number[], places: readonly number[], random: () => number): void {
  for (let n = places.length - 1; n > 0; n -= 1) {
    const a = places[n] ?? 0;
    const b = places[Math.floor(random() * (n + 1))] ?? 0;
    [values[a], values[b]] = [values[b] ?? 0, values[a] ?? 0];
  }
}

/** Mulberry32: small, and the same everywhere; a report that is made again says the same. */
export function randomOf(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
