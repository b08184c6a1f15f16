import type { Slot } from '@gatecast/cloud-api/client';
import { instant, localTime } from '../../kit/zone.ts';

/** Parts of a day as people at a door know them, by the local hour at which they begin. */
const parts = [
  { name: 'night', fromHour: 0 },
  { name: 'morning', fromHour: 6 },
  { name: 'midday', fromHour: 10 },
  { name: 'evening', fromHour: 16 },
  { name: 'late', fromHour: 21 },
] as const;
export type DayPartName = (typeof parts)[number]['name'];

export interface GridCell {
  readonly slot: Slot;
  /** Minutes since midnight on the clock at the door. */
  readonly minute: number;
  /** 0 (hardly anybody) to 4 (the day's busiest half-hours). */
  readonly heat: number;
}
export interface DayPart {
  readonly name: DayPartName;
  readonly cells: readonly GridCell[];
  readonly forecastTouches: number;
  /** Half-hours that can be booked. */
  readonly bookable: number;
}

const heatLevels = 5;

/**
 * A day's half-hours by part of the day in the community's own time, in order. Parts without half-hours are left out.
 * Heat is relative to the busiest half-hour of the day, so that the peaks show in a small community too.
 */
export function dayGrid(slots: readonly Slot[], zone: string): readonly DayPart[] {
  const busiest = Math.max(1, ...slots.map((slot) => slot.forecastTouches));
  const cells = slots
    .toSorted((a, b) => a.at - b.at)
    .map((slot) => ({
      slot,
      minute: localTime(instant(slot.at), zone).minute,
      heat: Math.min(heatLevels - 1, Math.floor((slot.forecastTouches / busiest) * heatLevels)),
    }));
  return parts
    .map(({ name }) =>
      dayPart(
        name,
        cells.filter((cell) => partOf(cell.minute) === name),
      ),
    )
    .filter((part) => part.cells.length > 0);
}

function dayPart(name: DayPartName, cells: readonly GridCell[]): DayPart {
  const forecastTouches = cells.reduce((sum, cell) => sum + cell.slot.forecastTouches, 0);
  return { name, cells, forecastTouches, bookable: cells.filter((cell) => cell.slot.bookable).length };
}

const partOf = (minute: number): DayPartName => parts.findLast((part) => minute >= part.fromHour * 60)?.name ?? 'night';
