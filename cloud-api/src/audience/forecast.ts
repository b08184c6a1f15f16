import { dayNumber, type DayKind } from './day-kind.ts';
import { expectDay, type Prior } from './expectation.ts';
import { interval80 } from './interval.ts';
import type { Model } from './model.ts';

/** What is expected of one half-hour, in thousandths of a touch, and between which bounds it lies four times in five. */
export interface ForecastCell {
  readonly expectedMilli: number;
  readonly lowMilli: number;
  readonly highMilli: number;
}

/**
 * A local day of an entrance: one cell for each half-hour of the clock, 0 to 47. `today` is the local date on which the forecast is made; what was learned may
 * be older, as of a screen that was away.
 */
export function forecastDay(
  model: Model,
  prior: Prior,
  day: { readonly date: string; readonly kind: DayKind },
  today: string,
): ForecastCell[] {
  const from = Math.min(model.asOf === 0 ? dayNumber(today) - 1 : model.asOf, dayNumber(today));
  const ahead = Math.max(1, dayNumber(day.date) - from);
  return expectDay(model, prior, day.kind, ahead).map(({ mean, spread }) => {
    const { low, high } = interval80(mean, mean + spread * mean * mean);
    return { expectedMilli: milli(mean), lowMilli: milli(low), highMilli: milli(high) };
  });
}

const milli = (touches: number) => Math.round(touches * 1_000);
