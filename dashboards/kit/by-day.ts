/** Groups a list, newest first, by the day that `dayOf` gives; order stays. */
export function byDay<T extends { readonly at: number }>(
  events: readonly T[],
  dayOf: (at: number) => string,
): (readonly [day: string, rows: readonly T[]])[] {
  const days = new Map<string, T[]>();
  for (const event of events) {
    const day = dayOf(event.at);
    const rows = days.get(day);
    if (rows) rows.push(event);
    else days.set(day, [event]);
  }
  return [...days];
}
