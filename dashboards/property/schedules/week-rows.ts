import type { AccessSchedule } from '@gatecast/cloud-api/client';
import { clockText } from '../../kit/format.ts';
import { daysText } from '../doors/schedule-text.ts';
import type { Messages } from '../messages/zh.ts';

export type ScheduleWindow = AccessSchedule['windows'][number];

/** ISO weekdays, and 8 for a holiday. */
export const scheduleDays = [1, 2, 3, 4, 5, 6, 7, 8] as const;
export const holidayNo = 8;
const dayMinutes = 24 * 60;

/** Minutes since midnight, half-open. */
export interface Stretch {
  readonly from: number;
  readonly to: number;
}

/** When somebody may come on each of the eight kinds of day, as it is drawn. What runs over midnight goes on in the next weekday's row. */
export function weekRows(windows: readonly ScheduleWindow[]): readonly (readonly Stretch[])[] {
  const rows: Stretch[][] = scheduleDays.map(() => []);
  for (const { days, fromMinute, toMinute } of windows)
    for (const day of days) {
      const overnight = toMinute < fromMinute;
      const whole = toMinute === fromMinute;
      rows[day - 1]?.push({ from: whole ? 0 : fromMinute, to: whole || overnight ? dayMinutes : toMinute });
      // Which day follows a holiday is not known here.
      if (overnight && toMinute > 0 && day !== holidayNo) rows[day % 7]?.push({ from: 0, to: toMinute });
    }
  return rows;
}

/** `周一至周五 08:00–18:00`, `节假日 全天`. */
export function windowText({ days, fromMinute, toMinute }: ScheduleWindow, m: Messages): string {
  const weekdays = days.filter((day) => day !== holidayNo);
  const names = [daysText(weekdays, m.doors.schedules), days.includes(holidayNo) ? m.schedules.holiday : ''];
  const when = names.filter(Boolean).join(m.doors.schedules.list);
  if (fromMinute === toMinute) return `${when} ${m.schedules.wholeDay}`;
  const end = toMinute < fromMinute ? `${m.schedules.overnight} ${clockText(toMinute)}` : clockText(toMinute);
  return `${when} ${clockText(fromMinute)}–${end}`;
}
