/** Local minutes of the day, half-open. */
export interface DaySpan {
  readonly fromMinute: number;
  readonly toMinute: number;
}

const hour = 60;

/** Policy, from the Advertising Law's article 40 on minors: children leave for school and come home. A community may know better. */
export const childrenPassDefault: readonly DaySpan[] = [
  { fromMinute: 6 * hour, toMinute: 9 * hour },
  { fromMinute: 15 * hour, toMinute: 19 * hour },
];

/** A day has school runs, a noon break, and sports. */
export const childrenPassMax = 6;

/** True if some part of the half-hour that begins at this local minute lies in one of the spans. */
export const touchesSpan = (spans: readonly DaySpan[], minute: number): boolean =>
  spans.some(({ fromMinute, toMinute }) => minute < toMinute && minute + 30 > fromMinute);
