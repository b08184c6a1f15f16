import { after, hours, zonedInstant, type InstantMs } from '@gatecast/firmware-protocol';
import { dateOf, dayNumber } from '../audience/day-kind.ts';
import { localDateOf, nextDate } from '../audience/local-day.ts';
import { mondayOf, weeksLater } from '../sell-through/local-weeks.ts';

export const reportKinds = ['daily', 'weekly', 'monthly'] as const;
export type ReportKind = (typeof reportKinds)[number];

/** Local days, both included: one, Monday to Sunday, or a month. */
export interface Period {
  readonly kind: ReportKind;
  readonly from: string;
  readonly to: string;
}

const dayBefore = (date: string): string => dateOf(dayNumber(date) - 1);

/** The period that a day lies in. */
export function periodOf(kind: ReportKind, date: string): Period {
  switch (kind) {
    case 'daily':
      return { kind, from: date, to: date };
    case 'weekly': {
      const monday = mondayOf(date);
      return { kind, from: monday, to: dayBefore(weeksLater(monday, 1)) };
    }
    case 'monthly': {
      const first = `${date.slice(0, 7)}-01`;
      // No month has more days than 31, so that many days after its first lie in the next.
      const next = `${dateOf(dayNumber(first) + 31).slice(0, 7)}-01`;
      return { kind, from: first, to: dayBefore(next) };
    }
  }
}

export const nextPeriod = ({ kind, to }: Period): Period => periodOf(kind, nextDate(to));
const periodBefore = ({ kind, from }: Period): Period => periodOf(kind, dayBefore(from));

/** After midnight: seven in the morning, so that who has reported overnight is in it and whoever opens a shop finds it there. */
const firstLookMs = hours(7);
/** By then the last half-hour was reported in any case (`reportAfterMs` of exposures), and billed. */
const closesMs = hours(36);
/** Between two looks while screens are still to report. */
export const lookAgainMs = hours(1);

const endOf = ({ to }: Period, zone: string): InstantMs => zonedInstant(nextDate(to), 0, zone);
/** When it is first looked whether all half-hours of a period are reported. */
export const firstLookAt = (period: Period, zone: string): InstantMs => after(endOf(period, zone), firstLookMs);
/** When a period is told as it is then, whoever has reported. */
export const closesAt = (period: Period, zone: string): InstantMs => after(endOf(period, zone), closesMs);

/** The last period that a report can be of. */
export function lastOver(kind: ReportKind, now: InstantMs, zone: string): Period {
  const before = periodBefore(periodOf(kind, localDateOf(now, zone)));
  return firstLookAt(before, zone) <= now ? before : periodBefore(before);
}

/** When a period that is to be told next has to be looked at: for the first time, or again. */
export function lookAt(period: Period, now: InstantMs, zone: string): InstantMs {
  const first = firstLookAt(period, zone);
  if (first > now) return first;
  const [again, closes] = [after(now, lookAgainMs), closesAt(period, zone)];
  return again < closes ? again : closes;
}
