const dayMs = 86_400_000;

/** The Monday of a local date, so many weeks later: weeks are named by their Mondays. */
export function mondayOf(date: string, later = 0): string {
  const day = Date.parse(`${date}T00:00:00Z`);
  const sinceMonday = (new Date(day).getUTCDay() + 6) % 7;
  return new Date(day + (7 * later - sinceMonday) * dayMs).toISOString().slice(0, 10);
}

/** `2026-11-23` lies in the week that begins then. */
export const isInWeek = (date: string, monday: string): boolean => mondayOf(date) === monday;
