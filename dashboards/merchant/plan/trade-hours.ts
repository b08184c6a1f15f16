import { halfHoursPerDay } from './windows.ts';

/** What a store lives on, as far as it says when people think of it. */
export const trades = ['any', 'breakfast', 'meals', 'hotpot', 'groceries', 'children', 'services'] as const;
export type Trade = (typeof trades)[number];

interface Hours {
  /** 1 for Monday to 7 for Sunday; all where it is not said. */
  readonly weekdays?: readonly number[];
  readonly fromMinute: number;
  readonly toMinute: number;
}
const at = (hour: number, minute = 0): number => hour * 60 + minute;
const weekend = [6, 7];
const workdays = [1, 2, 3, 4, 5];

/** When people at a door decide on such a thing: an hour or two before they eat, on the way to school, when they come home and shop. */
const hoursOf: Readonly<Record<Trade, readonly Hours[]>> = {
  any: [{ fromMinute: 0, toMinute: at(24) }],
  breakfast: [{ fromMinute: at(6), toMinute: at(9, 30) }],
  meals: [
    { fromMinute: at(10, 30), toMinute: at(13) },
    { fromMinute: at(16, 30), toMinute: at(20) },
  ],
  hotpot: [
    { weekdays: workdays, fromMinute: at(16, 30), toMinute: at(21, 30) },
    { weekdays: weekend, fromMinute: at(10, 30), toMinute: at(21, 30) },
  ],
  groceries: [
    { fromMinute: at(7), toMinute: at(9, 30) },
    { fromMinute: at(16), toMinute: at(20, 30) },
  ],
  children: [
    { weekdays: workdays, fromMinute: at(7), toMinute: at(8, 30) },
    { weekdays: workdays, fromMinute: at(16), toMinute: at(19) },
    { weekdays: weekend, fromMinute: at(9), toMinute: at(18) },
  ],
  services: [{ fromMinute: at(8), toMinute: at(21) }],
};

/** Whether a half-hour of the week is one in which such a store is thought of. */
export const isHourOf = (trade: Trade, weekday: number, halfHour: number): boolean =>
  hoursOf[trade].some(
    ({ weekdays, fromMinute, toMinute }) =>
      (weekdays?.includes(weekday) ?? true) && halfHour * 30 >= fromMinute && halfHour * 30 < toMinute,
  );

/** What a clip's category says of it; of food nobody can tell breakfast from hotpot by that. */
export function tradeOfCategory(category: string | null): Trade {
  if (category === 'education' || category === 'for-children') return 'children';
  return category === 'services' || category === 'finance' || category === 'real-estate' ? 'services' : 'any';
}

/** The times of day that cells cover on any day, as half-open spans of minutes in their order. */
export function timesOf(cells: ReadonlySet<number>): { readonly fromMinute: number; readonly toMinute: number }[] {
  const halves = new Set([...cells].map((cell) => cell % halfHoursPerDay));
  const spans: { fromMinute: number; toMinute: number }[] = [];
  for (let half = 0; half < halfHoursPerDay; half++) {
    if (!halves.has(half)) continue;
    const last = spans.at(-1);
    if (last?.toMinute === half * 30) last.toMinute += 30;
    else spans.push({ fromMinute: half * 30, toMinute: half * 30 + 30 });
  }
  return spans;
}
