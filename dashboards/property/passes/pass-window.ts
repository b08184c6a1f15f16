import { instant, localTime, zonedInstant } from '@gatecast/firmware-protocol';
import { passHours } from '@gatecast/firmware-protocol/pass';

/** Until when somebody may come: a quick choice, `open` without an end, or a window of one's own. */
export type Until = 'two-hours' | 'today' | 'one-day' | 'three-days' | 'week' | 'half-year' | 'open' | 'custom';
export type QuickUntil = Exclude<Until, 'custom'>;

export interface PassWindow {
  readonly from: number;
  /** Null: until it is revoked. */
  readonly to: number | null;
}

const hourMs = 3_600_000;
const dayMs = 24 * hourMs;
const fixedDays = { 'one-day': 1, 'three-days': 3, week: 7, 'half-year': 183 } as const;

const floorHour = (at: number): number => Math.floor(at / hourMs) * hourMs;
const ceilHour = (at: number): number => Math.ceil(at / hourMs) * hourMs;

/**
 * The window of a quick choice. Where it can be, it is one that a typed code stands for by itself (whole hours, of a length in `passHours`), so that doors
 * without a network know it too; for that it may begin in the past, which takes nothing from anybody.
 */
export function quickWindow(until: QuickUntil, now: number, zone: string): PassWindow {
  switch (until) {
    case 'open':
      return { from: floorHour(now), to: null };
    case 'two-hours':
      return endingAt(ceilHour(now + 2 * hourMs), now);
    case 'today':
      return endingAt(endOfDay(now, zone), now);
    default:
      return { from: floorHour(now), to: floorHour(now) + fixedDays[until] * dayMs };
  }
}

/** The shortest window of a typed code that ends then and has begun; from now on where there is none. */
function endingAt(to: number, now: number): PassWindow {
  const hours = passHours.find((each) => to - each * hourMs <= now);
  return { from: hours === undefined ? now : to - hours * hourMs, to };
}

function endOfDay(now: number, zone: string): number {
  const { date } = localTime(instant(now), zone);
  const tomorrow = new Date(Date.parse(`${date}T00:00:00Z`) + dayMs).toISOString().slice(0, 10);
  return zonedInstant(tomorrow, 0, zone);
}

/** What decides, beside its window, whether a typed code can stand for a pass by itself. */
export interface OfflineWish extends PassWindow {
  readonly person: string;
  readonly entranceIds: readonly string[] | null;
  readonly uses: number | null;
  readonly scheduleId: string | null;
  readonly firstUseWithinHours: number | null;
  readonly lastsHours: number | null;
  readonly openMs: number | null;
}

/** The cloud's rule for a code that doors without a network know; too many passes for one window still go by the list. */
export function mayWorkOffline(wish: OfflineWish): boolean {
  const isPlain =
    wish.entranceIds === null &&
    wish.scheduleId === null &&
    wish.firstUseWithinHours === null &&
    wish.lastsHours === null &&
    wish.openMs === null &&
    (wish.uses === null || wish.uses === 1);
  if (!isPlain || (wish.person !== 'visitor' && wish.person !== 'courier') || wish.to === null) return false;
  const hours = (wish.to - floorHour(wish.from)) / hourMs;
  return passHours.some((each) => each === hours);
}
