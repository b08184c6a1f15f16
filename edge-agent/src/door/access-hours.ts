import { inDailyWindow, instant, localTime, zonedInstant, type LocalTime } from '@gatecast/firmware-protocol';
import type { AccessSchedule } from '@gatecast/firmware-protocol/messages';

/** The hours of a list, in its zone. */
export interface AccessHours {
  /** IANA name. */
  readonly zone: string;
  readonly schedules: readonly AccessSchedule[];
  /** Local dates. */
  readonly holidays: ReadonlySet<string>;
}

/** Stands for a holiday among the days of a window, on which no weekday counts. */
const holiday = 8;

/**
 * Whether somebody with this schedule may come to the entrance now (UTC ms), by the clock on the wall. A window over midnight belongs to the day it begins
 * on, weekday and holiday alike. A schedule that the list does not have is never on.
 */
export function isInHours(hours: AccessHours, schedule: number, entrance: string, now: number): boolean {
  const local = localTime(instant(now), hours.zone);
  const windows = hours.schedules[schedule]?.windows ?? [];
  return windows.some(({ days, window, entrances }) => {
    if (entrances && !entrances.includes(entrance)) return false;
    if (!inDailyWindow(local.minute, window)) return false;
    const beganYesterday = window.fromMinute > window.toMinute && local.minute < window.toMinute;
    return days.includes(dayOf(hours, beganYesterday ? dayBefore(local, hours.zone) : local));
  });
}

/** 1 is Monday, of a weekday whose 0 is Sunday. */
const dayOf = ({ holidays }: AccessHours, { date, weekday }: LocalTime): number =>
  holidays.has(date) ? holiday : weekday || 7;

const dayBefore = ({ date }: LocalTime, zone: string): LocalTime =>
  localTime(instant(zonedInstant(date, 0, zone) - 1), zone);
