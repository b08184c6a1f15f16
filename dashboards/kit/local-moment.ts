import { instant, localTime, zonedInstant } from './zone.ts';

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

/** The day of a moment with its year, `2027-11-23`: of validities, which end in other years. */
export const dayText = (at: number, zone: string): string => localTime(instant(at), zone).date;
