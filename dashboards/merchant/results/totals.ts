import type { Exposure, Trace } from '@gatecast/cloud-api/client';

/** From the door to the counter: how many at each hop. Traces after a hop count in every hop before it. */
export interface Funnel {
  /** Verified exposures in half-hours that are closed. */
  readonly touches: number;
  readonly scans: number;
  readonly orders: number;
  readonly pickedUp: number;
}

/** Adds up what is known so far; open half-hours count nothing yet. */
export function funnelOf(exposures: readonly Exposure[], traces: readonly Trace[]): Funnel {
  return {
    touches: exposures.reduce((sum, exposure) => sum + (exposure.verified ?? 0), 0),
    scans: traces.length,
    orders: traces.filter((trace) => trace.order !== null).length,
    pickedUp: traces.filter((trace) => trace.pickup !== null).length,
  };
}

/** `2026-11-23`, by the clocks of a zone. */
export const localDateOf = (at: number, zone: string): string =>
  new Intl.DateTimeFormat('sv-SE', { timeZone: zone }).format(at);

/** Half-hours of one day, newest first. */
export interface ExposureDay {
  readonly date: string;
  readonly exposures: readonly Exposure[];
}

/** By day, newest day and half-hour first; `dateOf` gives the day at the community. */
export function byDay(exposures: readonly Exposure[], dateOf: (exposure: Exposure) => string): readonly ExposureDay[] {
  const days = new Map<string, Exposure[]>();
  for (const exposure of exposures.toSorted((a, b) => b.at - a.at)) {
    const date = dateOf(exposure);
    const day = days.get(date);
    if (day) day.push(exposure);
    else days.set(date, [exposure]);
  }
  return Array.from(days, ([date, of]) => ({ date, exposures: of }));
}

/** `verified` as a share of what was booked, 0 to 100; null while the half-hour is open. */
export function deliveredPercent(exposure: Pick<Exposure, 'verified' | 'bookedTouches'>): number | null {
  if (exposure.verified === null) return null;
  if (exposure.bookedTouches === 0) return 100;
  return Math.min(100, Math.floor((exposure.verified / exposure.bookedTouches) * 100));
}
