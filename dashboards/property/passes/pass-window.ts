import { instant, localTime, zonedInstant } from '@gatecast/firmware-protocol';

export type Until = 'two-hours' | 'today' | 'custom';

export interface PassWindow {
  readonly from: number;
  readonly to: number;
}

const twoHoursMs = 2 * 3_600_000;
const dayMs = 24 * 3_600_000;

/** The window of a quick choice: from now, for two hours or to the end of the community's day. */
export function quickWindow(until: 'two-hours' | 'today', now: number, zone: string): PassWindow {
  return { from: now, to: until === 'two-hours' ? now + twoHoursMs : endOfDay(now, zone) };
}

function endOfDay(now: number, zone: string): number {
  const { date } = localTime(instant(now), zone);
  const tomorrow = new Date(Date.parse(`${date}T00:00:00Z`) + dayMs).toISOString().slice(0, 10);
  return zonedInstant(tomorrow, 0, zone);
}

/** A moment as `<input type="datetime-local">` writes it, on the community's clock. */
export function localText(at: number, zone: string): string {
  const { date, minute } = localTime(instant(at), zone);
  return `${date}T${String(Math.floor(minute / 60)).padStart(2, '0')}:${String(minute % 60).padStart(2, '0')}`;
}

/** The moment that a `datetime-local` text means on the community's clock, or null if it is incomplete. */
export function momentOf(text: string, zone: string): number | null {
  const match = /^(\d{4}-\d{2}-\d{2})T(\d{2}):(\d{2})/.exec(text);
  if (!match?.[1]) return null;
  return zonedInstant(match[1], Number(match[2]) * 60 + Number(match[3]), zone);
}
