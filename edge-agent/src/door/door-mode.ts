import { inDailyWindow, localTime, type InstantMs } from '@gatecast/firmware-protocol';
import type { ClockQuality, DoorMode, ModeOverride, ModeSchedule } from '@gatecast/firmware-protocol/messages';

/** What was set by hand, and since when (monotonic ms) this program has known of it. */
export interface KnownOverride extends ModeOverride {
  readonly knownSince: number;
}

export interface ModeQuestion {
  readonly schedules: readonly ModeSchedule[];
  readonly override: KnownOverride | null;
  /** IANA name, of the schedules. */
  readonly zone: string;
  /** As good as `clock` says. */
  readonly now: InstantMs;
  readonly clock: ClockQuality;
  readonly mono: number;
  /** The latest moment that a trusted clock has shown; undefined if none ever did. */
  readonly provenNow: InstantMs | undefined;
}

export interface ModeAnswer {
  readonly mode: DoorMode;
  /** What decided; `clock`: schedules rest because nobody knows the time; null: nothing applies. */
  readonly by: 'override' | 'schedule' | 'clock' | null;
}

/**
 * Who may pass at this moment. What was set by hand goes before any schedule, and lockdown before free passage. Without a clock to be trusted no door
 * stands free, and only a lockdown set by hand goes on: on the monotonic clock, for its own length at most.
 */
export function modeAt(question: ModeQuestion): ModeAnswer {
  const isTrusted = question.clock === 'synced' || question.clock === 'holdover';
  return isTrusted ? byClock(question) : withoutClock(question);
}

function byClock({ schedules, override, zone, now }: ModeQuestion): ModeAnswer {
  if (override && now >= override.from && now < override.to) return { mode: override.mode, by: 'override' };
  const modes = new Set(schedules.filter((schedule) => isOn(schedule, now, zone)).map(({ mode }) => mode));
  if (modes.has('lockdown')) return { mode: 'lockdown', by: 'schedule' };
  return modes.has('free-passage') ? { mode: 'free-passage', by: 'schedule' } : { mode: 'normal', by: null };
}

function withoutClock({ schedules, override, mono, provenNow }: ModeQuestion): ModeAnswer {
  if (override?.mode === 'lockdown' && !isSurelyOver(override, mono, provenNow)) {
    return { mode: 'lockdown', by: 'override' };
  }
  return { mode: 'normal', by: schedules.length > 0 || override ? 'clock' : null };
}

const isSurelyOver = ({ from, to, knownSince }: KnownOverride, mono: number, provenNow: InstantMs | undefined) =>
  mono >= knownSince + (to - from) || (provenNow !== undefined && provenNow >= to);

/** A window over midnight belongs to the day that it begins on. */
function isOn({ weekdays, window }: ModeSchedule, now: InstantMs, zone: string): boolean {
  const { weekday, minute } = localTime(now, zone);
  if (!inDailyWindow(minute, window)) return false;
  const today = isoDay(weekday);
  const beganYesterday = window.fromMinute > window.toMinute && minute < window.toMinute;
  return weekdays.includes(beganYesterday ? dayBefore(today) : today);
}

/** 1 is Monday, of a weekday whose 0 is Sunday. */
const isoDay = (weekday: number): number => weekday || 7;
const dayBefore = (day: number): number => (day === 1 ? 7 : day - 1);

const minuteMs = 60_000;

/**
 * When the answer may be another one, on the wall clock: schedules change on whole minutes, an override at its ends. A clock that somebody sets is
 * seen no later than that either.
 */
export function nextModeChange({ override }: Pick<ModeQuestion, 'override'>, now: InstantMs): number {
  const edges = [override?.from ?? 0, override?.to ?? 0].filter((edge) => edge > now);
  return Math.min(now - (now % minuteMs) + minuteMs, ...edges);
}
