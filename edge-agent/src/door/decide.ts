import type { ClockQuality, Refusal } from '@gatecast/firmware-protocol/messages';
import type { CredentialRecord } from './list-index.ts';
import type { Typed } from './typed-code.ts';

/** The access list in force, as the door looks at it. */
export interface AccessView {
  readonly version: number;
  byUnit(unit: string): readonly CredentialRecord[];
  byCode(code: string): CredentialRecord | undefined;
  /** True if `pin` is the one that the credential's tag was made of. */
  isPinOf(credential: CredentialRecord, pin: string): boolean;
}

export interface Question {
  /** Null before the first list. */
  readonly list: AccessView | null;
  readonly typed: Typed;
  readonly entrance: string;
  /** UTC milliseconds, as good as `clock` says. */
  readonly now: number;
  readonly clock: ClockQuality;
  readonly usesOf: (credential: string) => number;
  readonly isLocked: (lane: string) => boolean;
  /** Nobody comes in here but with an emergency credential. False for who goes out. */
  readonly isLockedDown: boolean;
}

export type Decision =
  | { readonly open: true; readonly credential: CredentialRecord; readonly lane: string }
  | {
      readonly open: false;
      readonly reason: Refusal;
      /** The lane in which this counts as a wrong code; null if the code itself was right, or nothing was tried. */
      readonly wrongIn: string | null;
      /** Whose code it was, where the code itself was right. */
      readonly credential: CredentialRecord | null;
    };

/** The lane for codes that name nobody. */
export const readerLane = 'reader';
const unitLane = (unit: string) => `unit ${unit}`;

/** Who may come in. Everything that the answer depends on is in the question. */
export function decide(question: Question): Decision {
  const decision = decideTyped(question);
  // In a lockdown all refusals read alike: no right code is told from a wrong one.
  return decision.open || !question.isLockedDown ? decision : { ...decision, reason: 'lockdown' };
}

function decideTyped(question: Question): Decision {
  const { list, typed } = question;
  if (typed.kind === 'bad-format') return refuse('bad-format');
  if (!list) return refuse('no-list');
  return typed.kind === 'code'
    ? decideCode(question, list, typed.code)
    : decideUnit(question, list, typed.unit, typed.pin);
}

function decideCode(question: Question, list: AccessView, code: string): Decision {
  if (question.isLocked(readerLane)) return refuse('locked');
  const credential = list.byCode(code);
  return credential ? judge(question, credential, readerLane) : refuse('unknown-code', readerLane);
}

function decideUnit(question: Question, list: AccessView, unit: string, pin: string): Decision {
  const known = list.byUnit(unit);
  const lane = known.length > 0 ? unitLane(unit) : readerLane;
  if (question.isLocked(lane)) return refuse('locked');
  if (known.length === 0) return refuse('unknown-unit', lane);
  const decisions = known
    .filter((credential) => list.isPinOf(credential, pin))
    .map((credential) => judge(question, credential, lane));
  return decisions.find((decision) => decision.open) ?? decisions[0] ?? refuse('wrong-pin', lane);
}

/** Whether a credential that was named rightly opens this door now. */
function judge(question: Question, credential: CredentialRecord, lane: string): Decision {
  const reason = objection(question, credential);
  return reason ? refuse(reason, null, credential) : { open: true, credential, lane };
}

function objection(question: Question, credential: CredentialRecord): Refusal | undefined {
  const { entrance, now, clock, usesOf, isLockedDown } = question;
  const { entrances, from, to, uses } = credential;
  if (credential.denied) return 'revoked';
  if (isLockedDown && credential.person !== 'emergency') return 'lockdown';
  if (entrances && !entrances.includes(entrance)) return 'wrong-entrance';
  const isTimeLimited = from !== null || to !== null;
  if (isTimeLimited && (clock === 'unknown' || clock === 'turned-back')) return 'clock-unknown';
  if (from !== null && now < from) return 'not-yet';
  if (to !== null && now >= to) return 'expired';
  return uses !== null && usesOf(credential.id) >= uses ? 'used-up' : undefined;
}

const refuse = (
  reason: Refusal,
  wrongIn: string | null = null,
  credential: CredentialRecord | null = null,
): Decision => ({
  open: false,
  reason,
  wrongIn,
  credential,
});
