import { encodeCommand } from '../messages/commands.ts';
import type { Command } from '../messages/commands.ts';
import type { SecurityBlock, Sequence } from '../frame/frame.ts';
import type { SecureSession } from '../secure/secure-session.ts';
import type { Work } from './command-queue.ts';

/**
 * Why the panel asks: `work` polls, brings up and obeys; `handshake` is CHLNG or SCRYPT; `keyset` carries a new key.
 */
export type QuestionRole = 'work' | 'handshake' | 'keyset';

/** What goes out next: a command, why, and the security block of a handshake. */
export interface Asking {
  readonly work: Work;
  readonly role: QuestionRole;
  readonly security: SecurityBlock | undefined;
}

/** The one question that has no answer yet; repeated with identical bytes until it has (spec 5.9.4). */
export interface Question {
  readonly work: Work;
  readonly role: QuestionRole;
  readonly sequence: Sequence;
  readonly bytes: Uint8Array;
  /** The channel that the question was sealed in, and its answer has to be. */
  readonly session: SecureSession | undefined;
  sends: number;
  /** Frames that answered it in any way. Fewer than `sends` means that one may still be on its way. */
  answers: number;
  sentMs: number;
  /** False once its window has closed without an answer. */
  isWindowOpen: boolean;
  repeatAtMs: number;
  busyReplies: number;
  /** NAK 01: the device got it damaged. */
  damagedReplies: number;
  /** Answers that say that the device does not know this sequence number or channel. */
  lostReplies: number;
  /** In the present window came an answer that the other end of the channel has not made for it. */
  isUnproven: boolean;
  /** Windows that closed on nothing better. */
  unprovenWindows: number;
  /** Answers that may be late copies. */
  doubts: number;
  /** The last of them. */
  suspect: Uint8Array | undefined;
  /** What the answer tells had come ahead of the question, and was told then. */
  isTold: boolean;
}

/** A question that has not been sent yet. */
export function newQuestion(
  { work, role }: Asking,
  sequence: Sequence,
  bytes: Uint8Array,
  session: SecureSession | undefined,
): Question {
  return {
    work,
    role,
    sequence,
    bytes,
    session,
    sends: 0,
    answers: 0,
    sentMs: Number.NEGATIVE_INFINITY,
    isWindowOpen: false,
    repeatAtMs: Number.NEGATIVE_INFINITY,
    busyReplies: 0,
    damagedReplies: 0,
    lostReplies: 0,
    isUnproven: false,
    unprovenWindows: 0,
    doubts: 0,
    suspect: undefined,
    isTold: false,
  };
}

/** Something that the panel asks for itself. */
export function ownAsking(command: Command, nowMs: number, role: QuestionRole = 'work'): Asking {
  return { work: ownWork(command, nowMs), role, security: undefined };
}

export function ownWork(command: Command, nowMs: number): Work {
  return {
    command,
    payload: encodeCommand(command),
    commandId: undefined,
    urgent: false,
    expiresAtMs: Number.POSITIVE_INFINITY,
    submittedMs: nowMs,
    resent: 0,
  };
}
