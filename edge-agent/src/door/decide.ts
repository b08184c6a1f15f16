import type { ClockQuality, Refusal } from '@gatecast/firmware-protocol/messages';
import { phoneStep } from '@gatecast/firmware-protocol/pass';
import { isInHours, type AccessHours } from './access-hours.ts';
import type { Presented } from './presented.ts';
import type { Right, UseRecord } from './right.ts';

export interface Question {
  /** The hours of the list in force; null before the first list. */
  readonly hours: AccessHours | null;
  readonly presented: Presented;
  readonly entrance: string;
  /** The lane of wrong codes that name nobody, at this reader. */
  readonly readerLane: string;
  /** UTC milliseconds, as good as `clock` says. */
  readonly now: number;
  readonly clock: ClockQuality;
  /** What was used at this terminal before, by `Right.countedAs`; undefined for what never was. */
  readonly usesOf: (countedAs: string) => UseRecord | undefined;
  /** The counter of the last code that this terminal took of a phone. */
  readonly counterOf: (phone: string) => number | undefined;
  /** Codes of phones from before this half minute may have been taken by a run of this program that could not say so. */
  readonly phoneStepMin: number;
  readonly isLocked: (lane: string) => boolean;
  /** Too much was typed at this reader, and the next code has to wait. */
  readonly isSlowed: boolean;
  /** Nobody comes in here but with an emergency credential. False for who goes out. */
  readonly isLockedDown: boolean;
}

export type Decision =
  | {
      readonly open: true;
      readonly credential: Right;
      /** The lane whose wrong codes are forgiven; null for what is not typed. */
      readonly lane: string | null;
    }
  | {
      readonly open: false;
      readonly reason: Refusal;
      /** The lane in which this counts as a wrong code; null if the code itself was right, or nothing was tried. */
      readonly wrongIn: string | null;
      /** Something was typed that was not somebody's own code. */
      readonly isGuess: boolean;
      /** Whose code it was, where the code itself was right. */
      readonly credential: Right | null;
    };

type Refused = Extract<Decision, { open: false }>;

export const unitLane = (unit: string): string => `unit ${unit}`;
/** A phone's clock may be a half minute off. */
const phoneStepsOff = 1;

/** Who may come in. Everything that the answer depends on is in the question. */
export function decide(question: Question): Decision {
  const decision = decideAtPeace(question);
  // In a lockdown all refusals read alike: no right code is told from a wrong one.
  return decision.open || !question.isLockedDown ? decision : { ...decision, reason: 'lockdown' };
}

function decideAtPeace(question: Question): Decision {
  const { hours, presented } = question;
  if (isTyped(presented) && question.isSlowed) return refuse('slow-down');
  if (presented.kind === 'unreadable' && isTyped(presented)) return guess(presented.reason);
  if (!hours) return refuse('no-list');
  switch (presented.kind) {
    case 'unreadable':
      return refuse(presented.reason);
    case 'pin':
      return decidePin(question, hours, presented);
    case 'code':
      return decideCode(question, hours, presented);
    case 'card':
      return best(presented.named.map((right) => judge(question, hours, right))) ?? refuse('unknown-card');
    case 'pass':
      return judge(question, hours, presented.right);
    case 'phone':
      return decidePhone(question, hours, presented);
  }
}

const isTyped = (presented: Presented): boolean =>
  presented.kind === 'pin' ||
  presented.kind === 'code' ||
  (presented.kind === 'unreadable' && presented.reason === 'bad-format');

type Of<K extends Presented['kind']> = Extract<Presented, { kind: K }>;

function decidePin(question: Question, hours: AccessHours, { unit, isUnitKnown, named }: Of<'pin'>): Decision {
  const lane = isUnitKnown ? unitLane(unit) : question.readerLane;
  if (question.isLocked(lane)) return guess('locked');
  if (!isUnitKnown) return guess('unknown-unit', lane);
  return best(named.map((right) => judge(question, hours, right, lane))) ?? guess('wrong-pin', lane);
}

function decideCode(question: Question, hours: AccessHours, { named, passes }: Of<'code'>): Decision {
  const { readerLane: lane, now, clock } = question;
  if (question.isLocked(lane)) return guess('locked');
  const listed = best(named.map((right) => judge(question, hours, right, lane)));
  if (listed) return listed;
  if (passes === null) return guess('unknown-code', lane);
  // What a pass code stands for depends on the hour: without it, it is no more than digits.
  if (!isTrusted(clock)) return guess('clock-unknown', lane);
  // A code that begins later reads as wrong: to say otherwise would tell a guesser which one to keep.
  const begun = passes.filter(({ from }) => from !== null && from <= now);
  return best(begun.map((right) => judge(question, hours, right, lane))) ?? guess('unknown-code', lane);
}

function decidePhone(question: Question, hours: AccessHours, { right, step, counter }: Of<'phone'>): Decision {
  const decision = judge(question, hours, right);
  if (!decision.open) return decision;
  const reason = staleness(question, right, step, counter);
  return reason ? refuse(reason, right) : decision;
}

function staleness(question: Question, { id }: Right, step: number, counter: number): Refusal | undefined {
  const { clock, now, phoneStepMin, counterOf } = question;
  if (!isTrusted(clock)) return 'clock-unknown';
  if (Math.abs(step - phoneStep(now)) > phoneStepsOff || step < phoneStepMin) return 'stale-qr';
  return counter <= (counterOf(id) ?? -1) ? 'replayed-qr' : undefined;
}

/** Whether somebody who was named rightly may pass here now. */
function judge(question: Question, hours: AccessHours, right: Right, lane: string | null = null): Decision {
  const reason = objection(question, hours, right);
  return reason ? refuse(reason, right) : { open: true, credential: right, lane };
}

/** Of several that were named by the same code, the one that opens. */
const best = (decisions: readonly Decision[]): Decision | undefined =>
  decisions.find(({ open }) => open) ?? decisions[0];

function objection(question: Question, hours: AccessHours, right: Right): Refusal | undefined {
  const { countedAs, entrances, uses } = right;
  if (right.denied) return 'revoked';
  if (question.isLockedDown && right.person !== 'emergency') return 'lockdown';
  if (entrances && !entrances.includes(question.entrance)) return 'wrong-entrance';
  if (isTimeLimited(right) && !isTrusted(question.clock)) return 'clock-unknown';
  const reason = untimely(question, hours, right);
  if (reason) return reason;
  return uses !== null && (question.usesOf(countedAs)?.uses ?? 0) >= uses ? 'used-up' : undefined;
}

const isTrusted = (clock: ClockQuality): boolean => clock === 'synced' || clock === 'holdover';

const isTimeLimited = ({ from, to, schedule, firstUse }: Right): boolean =>
  from !== null || to !== null || schedule !== null || firstUse !== null;

function untimely(question: Question, hours: AccessHours, right: Right): Refusal | undefined {
  const { now, entrance } = question;
  const { countedAs, from, to, schedule, firstUse } = right;
  if (from !== null && now < from) return 'not-yet';
  if (to !== null && now >= to) return 'expired';
  if (schedule !== null && !isInHours(hours, schedule, entrance, now)) return 'outside-schedule';
  if (firstUse === null) return undefined;
  const firstUsedAt = question.usesOf(countedAs)?.firstUsedAt ?? null;
  if (firstUsedAt === null) return firstUse.by !== null && now >= firstUse.by ? 'first-use-missed' : undefined;
  return firstUse.lastsMs !== null && now >= firstUsedAt + firstUse.lastsMs ? 'expired' : undefined;
}

const refuse = (reason: Refusal, credential: Right | null = null): Refused => ({
  open: false,
  reason,
  wrongIn: null,
  isGuess: false,
  credential,
});

/** `wrongIn` is null where the lane is locked already: what was typed was not looked at. */
const guess = (reason: Refusal, wrongIn: string | null = null): Refused => ({
  ...refuse(reason),
  wrongIn,
  isGuess: true,
});
