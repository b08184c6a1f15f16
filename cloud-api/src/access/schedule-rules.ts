import type { AccessSchedule } from '@gatecast/firmware-protocol/messages';
import type { NewAccessSchedule } from './pass-contract.ts';

type StoredWindow = AccessSchedule['windows'][number];
type ShownWindow = NewAccessSchedule['windows'][number];

/** Where a whole day is cut in two: to a terminal a window that ends when it begins is empty, and none ends at the midnight after it. */
const noon = 720;
const midnight = 0;

/** A window that never holds: it ends when it begins. From midnight to midnight is the whole day. */
export const isEmptyWindow = ({ fromMinute, toMinute }: Pick<ShownWindow, 'fromMinute' | 'toMinute'>): boolean =>
  fromMinute === toMinute && fromMinute !== midnight;

/** Windows as terminals read them. */
export const storedWindows = (windows: readonly ShownWindow[]): StoredWindow[] =>
  windows.flatMap(({ days, fromMinute, toMinute, entranceIds }) => {
    const rest = { days: [...days].sort((a, b) => a - b), entrances: entranceIds && [...entranceIds] };
    if (fromMinute !== toMinute) return [{ ...rest, window: { fromMinute, toMinute } }];
    return [
      { ...rest, window: { fromMinute: midnight, toMinute: noon } },
      { ...rest, window: { fromMinute: noon, toMinute: midnight } },
    ];
  });

/** Windows as they were asked for: the halves of a day are one again. */
export function shownWindows(windows: AccessSchedule['windows']): ShownWindow[] {
  const shown = windows.map(({ days, window, entrances }) => ({
    days: [...days],
    ...window,
    entranceIds: entrances && [...entrances],
  }));
  return shown.flatMap((one, at) => {
    if (isMorning(one) && isAfternoonOf(one, shown[at + 1])) return [{ ...one, toMinute: midnight }];
    return isAfternoonOf(one, one) && isMorning(shown[at - 1]) && isAfternoonOf(shown[at - 1], one) ? [] : [one];
  });
}

const isMorning = (window: ShownWindow | undefined): boolean =>
  window?.fromMinute === midnight && window.toMinute === noon;

const isAfternoonOf = (morning: ShownWindow | undefined, window: ShownWindow | undefined): boolean =>
  morning !== undefined &&
  window?.fromMinute === noon &&
  window.toMinute === midnight &&
  JSON.stringify([window.days, window.entranceIds]) === JSON.stringify([morning.days, morning.entranceIds]);
