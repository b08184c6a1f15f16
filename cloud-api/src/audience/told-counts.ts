/** A terminal tells no count below this, before or after its noise. */
const toldMin = 10;
/** The noise on a told count: two-sided geometric, odds falling by e for each touch more (`edge-agent/src/player/touch-noise.ts`). */
const fall = Math.exp(-1);
/** Its variance, 2α/(1−α)². */
export const noiseVariance = (2 * fall) / (1 - fall) ** 2;
/** Noise further off than this has odds below one in a million. */
const noiseMax = 14;
/** From here on what the noise shifts is less than a fiftieth of what chance does. */
const noiseMattersBelow = 100;

/**
 * How many touches there were, to be expected of what a terminal told: null, where it withheld the count. `mean` and `spread` (variance = mean + spread × mean²)
 * are what was expected before.
 *
 * A withheld count is known to be below ten, or to have been taken there by the noise: E[N | withheld] under the forecast's own negative binomial distribution.
 * Feeding that back each day is online expectation–maximisation (Cappé and Moulines, 2009): it settles where the likelihood of the censored counts is highest.
 * Zero would pull every quiet half-hour down, and half of ten would lift the night to five touches.
 */
export function touchesGiven(told: number | null, mean: number, spread: number): number {
  if (told === null) return meanOver(mean, spread, 0, toldMin + noiseMax, withheldOdds);
  if (told >= noiseMattersBelow) return told;
  const from = Math.max(toldMin, told - noiseMax);
  return meanOver(mean, spread, from, told + noiseMax, (n) => fall ** Math.abs(told - n));
}

/** Odds that a count is withheld. */
const withheldOdds = (n: number): number => (n < toldMin ? 1 : fall ** (n - toldMin + 1) / (1 + fall));

/** Mean of a negative binomial between two counts, each weighted; by ratios, so that no small number is lost. */
function meanOver(mean: number, spread: number, from: number, to: number, weight: (n: number) => number): number {
  const size = 1 / Math.max(spread, 1e-3);
  const odds = mean / (mean + size);
  let density = 1;
  let sum = 0;
  let moment = 0;
  for (let n = from; n <= to; n += 1) {
    const weighted = density * weight(n);
    sum += weighted;
    moment += n * weighted;
    density *= ((n + size) / (n + 1)) * odds;
  }
  return moment / sum;
}
