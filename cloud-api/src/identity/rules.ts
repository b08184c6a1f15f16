import {
  after,
  instant,
  milliseconds,
  minutes,
  seconds,
  days,
  type DurationMs,
  type InstantMs,
} from '@gatecast/firmware-protocol';

export const sessionLifeMs = days(7);
export const linkLifeMs = minutes(1);
/** That a session or key was used is written no more often. */
export const seenEveryMs = minutes(1);
export const invitationLifeMs = days(7);

export const smsCodeLifeMs = minutes(5);
export const smsAttemptsMax = 5;
const smsPauseMs = seconds(30);
export const smsPerHourMax = 6;

/** What is known about the texts to one phone. */
export interface SmsHistory {
  readonly hourFrom: InstantMs;
  readonly sentInHour: number;
  readonly lastSentAt: InstantMs;
}

/** How the history reads after one more text, or undefined if it has to wait. */
export function countText(history: SmsHistory | undefined, now: InstantMs): SmsHistory | undefined {
  if (!history) return { hourFrom: now, sentInHour: 1, lastSentAt: now };
  if (now < after(history.lastSentAt, smsPauseMs)) return undefined;
  if (now >= after(history.hourFrom, minutes(60))) return { hourFrom: now, sentInHour: 1, lastSentAt: now };
  if (history.sentInHour >= smsPerHourMax) return undefined;
  return { ...history, sentInHour: history.sentInHour + 1, lastSentAt: now };
}

const freeFailures = 5;
const blockFirstMs = minutes(1);
const blockMaxMs = minutes(15);
const failuresForgottenMs = minutes(60);

export interface Failures {
  readonly failures: number;
  readonly lastAt: InstantMs;
  readonly blockedUntil: InstantMs;
}

/** After the fifth wrong password in a row the address rests for a minute, then two, up to fifteen. An hour of peace forgets all. */
export function countFailure(before: Failures | undefined, now: InstantMs): Failures {
  const stale = !before || now >= after(before.lastAt, failuresForgottenMs);
  const failures = stale ? 1 : before.failures + 1;
  return { failures, lastAt: now, blockedUntil: after(now, restOf(failures)) };
}

function restOf(failures: number): DurationMs {
  if (failures < freeFailures) return milliseconds(0);
  return milliseconds(Math.min(blockMaxMs, blockFirstMs * 2 ** (failures - freeFailures)));
}

export const isBlocked = (failures: Failures | undefined, now: InstantMs): boolean =>
  now < (failures?.blockedUntil ?? instant(0));

/** `138****1234` */
export const maskPhone = (phone: string): string => `${phone.slice(0, 3)}****${phone.slice(-4)}`;
