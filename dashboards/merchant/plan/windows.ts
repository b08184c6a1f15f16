import type { Booking } from '@gatecast/cloud-api/client';

export type Daypart = Booking['dayparts'][number];

export const halfHoursPerDay = 48;
/** As many windows as one line item may have (the cloud's own limit). */
export const dayPartsMax = 16;

/** `localTime` counts from Sunday, 0; a week here begins with Monday, 1. */
export const mondayFirst = (weekday: number): number => (weekday === 0 ? 7 : weekday);

/** A half-hour of the week: 0 for Monday 00:00 to 335 for Sunday 23:30. */
export const cellOf = (weekday: number, halfHour: number): number => (weekday - 1) * halfHoursPerDay + halfHour;

/** Half-hours of the week as windows: those that follow each other are one, days with the same window share it. */
export function dayPartsOf(cells: ReadonlySet<number>): Daypart[] {
  const weekdaysOf = new Map<string, Daypart>();
  for (let weekday = 1; weekday <= 7; weekday++) {
    for (let from = 0; from < halfHoursPerDay; from++) {
      if (!cells.has(cellOf(weekday, from))) continue;
      let to = from + 1;
      while (to < halfHoursPerDay && cells.has(cellOf(weekday, to))) to++;
      const [fromMinute, toMinute] = [from * 30, to * 30];
      const known = weekdaysOf.get(`${fromMinute} ${toMinute}`);
      if (known) known.weekdays.push(weekday);
      else weekdaysOf.set(`${fromMinute} ${toMinute}`, { weekdays: [weekday], fromMinute, toMinute });
      from = to;
    }
  }
  return [...weekdaysOf.values()];
}

/** The half-hours that windows cover; none of them means every half-hour. */
export function cellsOf(dayparts: readonly Daypart[]): Set<number> {
  const all = dayparts.length === 0;
  const windows = all ? [{ weekdays: [1, 2, 3, 4, 5, 6, 7], fromMinute: 0, toMinute: 1_440 }] : dayparts;
  const cells = new Set<number>();
  for (const { weekdays, fromMinute, toMinute } of windows) {
    // Over midnight where it ends no later than it begins.
    const end = toMinute <= fromMinute ? toMinute + 1_440 : toMinute;
    for (const weekday of weekdays) {
      for (let half = fromMinute / 30; half < end / 30; half++) {
        cells.add((cellOf(weekday, half) + 7 * halfHoursPerDay) % (7 * halfHoursPerDay));
      }
    }
  }
  return cells;
}
