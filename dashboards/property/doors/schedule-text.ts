import type { DoorSetup } from '@gatecast/cloud-api/client';
import { clockText } from '../../kit/format.ts';
import type { DoorWords } from '../messages/doors-zh.ts';

export type Schedule = DoorSetup['schedules'][number];
type Words = DoorWords['schedules'];

const longEnoughForRange = 3;

/** `周一至周五`, `周末`, `周二、周四`; weekdays as ISO counts them, 1 is Monday. */
export function daysText(weekdays: readonly number[], m: Words): string {
  const days = [...new Set(weekdays)].toSorted((a, b) => a - b);
  const [first, last] = [days[0], days.at(-1)];
  const nameOf = (day: number): string => m.dayNames[day - 1] ?? '';
  if (first === undefined || last === undefined) return '';
  if (days.length === 7) return m.everyDay;
  if (days.join() === '6,7') return m.weekend;
  const isRange = days.length >= longEnoughForRange && last - first === days.length - 1;
  return isRange ? m.range(nameOf(first), nameOf(last)) : days.map(nameOf).join(m.list);
}

/** `周一至周五 07:00–09:00 常开` */
export function scheduleText({ mode, weekdays, window }: Schedule, m: Words): string {
  const to = clockText(window.toMinute);
  const end = window.toMinute < window.fromMinute ? `${m.nextDay} ${to}` : to;
  return m.text(daysText(weekdays, m), clockText(window.fromMinute), end, m.modes[mode]);
}

/** What keeps a window from being saved, in words. */
export function scheduleFault({ weekdays, window }: Schedule, m: Words): string | null {
  if (weekdays.length === 0) return m.noDay;
  return window.fromMinute === window.toMinute ? m.sameTime : null;
}
