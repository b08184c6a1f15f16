import { after, days, hours, instant, type InstantMs } from '@gatecast/firmware-protocol';
import {
  hourOf,
  passHours,
  passWindowMs,
  shortPassHoursMax,
  type PassDigits,
  type PassPerson,
} from '@gatecast/firmware-protocol/pass';
import type { Pass } from './pass-contract.ts';

export const passDaysMax = days(366);
/** How far ahead a pass may begin. */
export const aheadMax = days(366);
/** A resident's invitation begins within a month: the doors hold the keys of five weeks to come. */
export const ownAheadMax = days(30);
/** Of one resident's invitations, those that are neither over nor used up nor taken back. */
export const ownPassesMax = 10;

/** What a pass lets its holder do. */
export interface PassTerms {
  readonly person: PassPerson;
  readonly label: string;
  /** Null: every entrance of the community. */
  readonly entranceIds: readonly string[] | null;
  readonly from: InstantMs;
  /** Null: until it is revoked. */
  readonly to: InstantMs | null;
  readonly uses: number | null;
  readonly scheduleId: string | null;
  readonly openMs: number | null;
  readonly firstUseBy: InstantMs | null;
  readonly lastsMs: number | null;
}

/** Whether a pass could be used at all, and is not for ever. */
export const isWindow = ({ from, to }: Pick<PassTerms, 'from' | 'to'>, now: InstantMs): boolean =>
  from <= now + aheadMax && (to === null || (to > from && to > now && to - from <= passDaysMax));

/** A window that a typed code can stand for. */
export interface CodeWindow {
  readonly startHour: number;
  /** Place in `passHours`. */
  readonly durationClass: number;
}

/**
 * The window of a code that a terminal understands without having been told of it: whole hours from the hour in which the pass begins, which ends where the
 * pass ends, or up to an hour before it if that leaves at least half of the time. Undefined for a pass that such a code cannot stand for: the code says
 * nothing of entrances, schedules, longer openings or more than one use.
 */
export function codeWindow(terms: PassTerms): CodeWindow | undefined {
  const { person, entranceIds, from, to, uses, scheduleId, openMs, firstUseBy, lastsMs } = terms;
  const isPlain = scheduleId === null && openMs === null && firstUseBy === null && lastsMs === null;
  const isForAnyDoor = (person === 'visitor' || person === 'courier') && entranceIds === null;
  if (!isPlain || !isForAnyDoor || to === null || (uses !== null && uses !== 1)) return undefined;
  const startHour = hourOf(from);
  const start = instant(startHour * hours(1));
  const exact = classOf(to - start);
  if (exact !== undefined) return { startHour, durationClass: exact };
  const durationClass = classOf(to - from);
  if (durationClass === undefined) return undefined;
  const end = passWindowMs({ startHour, durationClass, index: 0 }).to;
  return end - from >= (to - from) / 2 ? { startHour, durationClass } : undefined;
}

function classOf(spanMs: number): number | undefined {
  const at = passHours.findIndex((each) => hours(each) === spanMs);
  return at === -1 ? undefined : at;
}

/**
 * The window of a resident's invitation, whole hours from the hour in which it begins. Where that leaves less than half of the time, as of one hour
 * asked for at ten to nine, it is the next longer one.
 */
export function ownWindow(from: InstantMs, asked: number): { readonly from: InstantMs; readonly to: InstantMs } {
  const start = instant(from - (from % hours(1)));
  const isShort = after(start, hours(asked)) - from < hours(asked) / 2;
  const longer = passHours.find((each) => each > asked);
  return { from: start, to: after(start, hours(isShort && longer !== undefined ? longer : asked)) };
}

/** Places of a window for passes with any number of uses, or with one. */
export const indicesFor = (uses: number | null): readonly number[] => (uses === null ? [0, 1] : [2, 3]);

export const digitsFor = (durationClass: number): PassDigits =>
  (passHours[durationClass] ?? Infinity) <= shortPassHoursMax ? 9 : 10;

/**
 * Whether a signed pass says all that there is to the pass. It would open outside of a schedule, or after a first use that came too late, at a
 * terminal that no list has told of it.
 */
export function maySign({
  from,
  to,
  scheduleId,
  firstUseBy,
  lastsMs,
}: Pick<PassTerms, 'from' | 'to' | 'scheduleId' | 'firstUseBy' | 'lastsMs'>): boolean {
  const isPlain = scheduleId === null && firstUseBy === null && lastsMs === null;
  return isPlain && to !== null && to - from <= passDaysMax;
}

/** What is stored of a pass that says how it stands. */
export interface PassLife {
  readonly from: InstantMs | null;
  readonly to: InstantMs | null;
  readonly revokedAt: InstantMs | null;
  readonly uses: number | null;
  readonly usedCount: number;
  readonly firstUsedAt: InstantMs | null;
  readonly firstUseBy: InstantMs | null;
  readonly lastsMs: number | null;
}

export function passState(pass: PassLife, now: InstantMs): Pass['state'] {
  if (pass.revokedAt !== null) return 'revoked';
  if (isUsedUp(pass)) return 'used-up';
  if (isOver(pass, now)) return 'expired';
  return pass.from !== null && now < pass.from ? 'scheduled' : 'active';
}

export const isUsedUp = ({ uses, usedCount }: Pick<PassLife, 'uses' | 'usedCount'>): boolean =>
  uses !== null && usedCount >= uses;

function isOver({ to, firstUsedAt, firstUseBy, lastsMs }: PassLife, now: InstantMs): boolean {
  if (to !== null && to <= now) return true;
  if (firstUsedAt === null) return firstUseBy !== null && firstUseBy <= now;
  return lastsMs !== null && firstUsedAt + lastsMs <= now;
}
