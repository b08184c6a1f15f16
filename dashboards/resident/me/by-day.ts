/** Rows of one day, as a list shows them under its date. */
export interface Day<T> {
  readonly day: string;
  readonly rows: readonly T[];
}

/** Newest first stays newest first; `dayOf` names the day of a moment. */
export function byDay<T extends { readonly at: number }>(
  rows: readonly T[],
  dayOf: (at: number) => string,
): readonly Day<T>[] {
  const days = new Map<string, T[]>();
  for (const row of rows) {
    const day = dayOf(row.at);
    const same = days.get(day);
    if (same) same.push(row);
    else days.set(day, [row]);
  }
  return Array.from(days, ([day, same]) => ({ day, rows: same }));
}
