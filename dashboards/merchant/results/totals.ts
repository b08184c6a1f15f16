import type { Exposure } from '@gatecast/cloud-api/client';

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
