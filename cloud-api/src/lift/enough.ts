import { centred } from './centre.ts';
import type { CommunityDay } from './estimate.ts';

/** Days of either arm, and orders in all, below which nothing is told: a week of each, and enough orders that one more or less is not the result. */
export const daysPerArmMin = 7;
export const ordersMin = 20;

/** A change of so much of what is usual is what a store would want to see. */
const noticedPart = 0.2;
/** Of a normal distribution: 95 % two-sided, and four times in five. */
const zBoth = 1.96 + 0.8416;

export const isEnough = (days: readonly CommunityDay[], orders: number): boolean => {
  const heldOut = days.filter((day) => day.isHeldOut).length;
  return heldOut >= daysPerArmMin && days.length - heldOut >= daysPerArmMin && orders >= ordersMin;
};

/**
 * About how many days (of all communities together) it takes to see a change of a fifth four times in five: `n = (z₀.₉₇₅ + z₀.₈)² σ² / (p (1 − p) δ²)`, p held out
 * (Bloom 1995, minimum detectable effects; List, Sadoff and Wagner 2011). σ² is what the days so far show once communities and weekdays are taken out, and never
 * less than Poisson's. Null while there is no order to go by.
 */
export function daysNeeded(
  days: readonly CommunityDay[],
  orders: readonly number[],
  holdoutPpm: number,
): number | null {
  const usual = orders.reduce((sum, n) => sum + n, 0) / Math.max(1, days.length);
  if (usual === 0 || holdoutPpm === 0) return null;
  const left = centred(days, orders);
  const variance = left.reduce((sum, n) => sum + n * n, 0) / days.length;
  const part = holdoutPpm / 1_000_000;
  const needed = (zBoth ** 2 * Math.max(variance, usual)) / (part * (1 - part) * (noticedPart * usual) ** 2);
  // Each mean that is taken out costs a day.
  const means = new Set(days.flatMap(({ stratum, weekday }) => [stratum, weekday])).size;
  return Math.max(Math.ceil(needed) + means, Math.ceil(daysPerArmMin / part), Math.ceil(ordersMin / usual));
}
