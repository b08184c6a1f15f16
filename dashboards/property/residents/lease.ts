const dayMs = 24 * 3_600_000;

/** Days from one local date to another (`YYYY-MM-DD`); negative if it is past. */
export const daysUntil = (date: string, today: string): number =>
  Math.round((Date.parse(`${date}T00:00:00Z`) - Date.parse(`${today}T00:00:00Z`)) / dayMs);
