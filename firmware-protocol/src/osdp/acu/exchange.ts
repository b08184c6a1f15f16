import { BUSY_REPEATS_MAX, BUSY_REPEAT_MS, wireTimeMs } from '../frame/bus-timing.ts';
import type { FrameCheck, OsdpFrame, Sequence } from '../frame/frame.ts';
import { encodeFrame, nextSequence } from '../frame/frame.ts';
import type { PayloadFault } from '../messages/payload.ts';
import type { Reply } from '../messages/replies.ts';
import { decodeReply } from '../messages/replies.ts';
import type { SecureSession } from '../secure/secure-session.ts';
import { judgeAnswer } from './answer.ts';
import type { LinkPhase } from './bring-up.ts';
import { trustIn } from './late-copy.ts';
import type { Trust } from './late-copy.ts';
import type { CommandFailure, DeviceMetrics } from './panel-events.ts';
import type { PollingPace } from './polling-pace.ts';
import { newQuestion } from './question.ts';
import type { Asking, Question } from './question.ts';
import { isReport } from './reply-event.ts';
import { areSameBytes } from './reply-history.ts';
import type { ReplyHistory } from './reply-history.ts';

/** Whom the exchange serves: how the device is spoken to now, and what its answers lead to. */
export interface ExchangeOwner {
  readonly address: number;
  readonly phase: LinkPhase;
  /** What is not part of a handshake is sealed in it. */
  readonly session: SecureSession | undefined;
  /** What it says in clear counts: it has no key to prove. */
  readonly isPlain: boolean;
  /** The one answer to `question`, which is over. A string says why nothing can be read in it. */
  onReply(question: Question, frame: OsdpFrame, reply: Reply | PayloadFault, nowMs: number): void;
  /** A read or report that a late copy of another answer had pushed aside. */
  onMissedReport(reply: Reply, frame: OsdpFrame, nowMs: number): void;
  /** The device has not carried `question` out, because it does not know our sequence number or channel. */
  onLost(question: Question, nakError: number | undefined, nowMs: number): void;
  /** The channel cannot be continued; whether the device obeyed is unknown. */
  onUnproven(question: Question, nowMs: number): void;
  /** `question` is not asked any more. */
  onAbandoned(question: Question, reason: CommandFailure, nowMs: number): void;
}

export interface ExchangeOptions {
  readonly owner: ExchangeOwner;
  /** CRC-16 unless the device is so old that it only knows the checksum. */
  readonly check: FrameCheck;
  /** Of the line at this moment. */
  readonly baud: () => number;
  readonly pace: PollingPace;
  readonly history: ReplyHistory;
  readonly metrics: DeviceMetrics;
}

/** A device on a bad line says NAK 01 now and then; one that always does has another reason. */
const DAMAGED_REPLIES_MAX = 10;
/** Windows that may close on answers that nobody can vouch for, before the channel is taken for lost: late copies are such, too. */
const UNPROVEN_WINDOWS_MAX = 3;

/**
 * One question after the other to one device: sequence numbers, the same bytes again until the answer comes, and which of the frames
 * that come is the answer (spec 5.9).
 */
export class Exchange {
  readonly #options: ExchangeOptions;
  #sequence: Sequence = 0;
  #question: Question | undefined;
  /** Number of the poll that was answered last: a read that comes late with it was never heard. */
  #lastPollSequence: Sequence | undefined;
  /** A report that came before it was asked for: the device took a late copy of a poll for a new one. */
  #ahead: { readonly sequence: Sequence; readonly raw: Uint8Array } | undefined;
  /** Quickest answer so far. */
  #fastestMs = Number.POSITIVE_INFINITY;

  constructor(options: ExchangeOptions) {
    this.#options = options;
  }

  get question(): Question | undefined {
    return this.#question;
  }

  /** Of the next question. */
  get sequence(): Sequence {
    return this.#sequence;
  }

  /** The next question begins a new sequence, which every device accepts and which ends its channel. Returns what is given up. */
  restart(): Question | undefined {
    const question = this.#question;
    this.#sequence = 0;
    this.#ahead = undefined;
    this.#question = undefined;
    return question;
  }

  /** Makes the next question; it goes out with the next {@link transmit}. */
  ask(asking: Asking): Question {
    const { owner, check } = this.#options;
    const { work, role, security } = asking;
    const session = role === 'handshake' ? undefined : owner.session;
    const content = { address: owner.address, sequence: this.#sequence, check, ...work.payload };
    const bytes =
      session === undefined
        ? encodeFrame({ ...content, direction: 'command', security, mac: undefined })
        : session.sealCommand(content);
    const question = newQuestion(asking, this.#sequence, bytes, session);
    this.#question = question;
    return question;
  }

  /** The bytes of `question`, first or again. */
  transmit(question: Question, nowMs: number): Uint8Array {
    this.#options.metrics[question.sends === 0 ? 'commands' : 'repeats'] += 1;
    question.sends += 1;
    question.sentMs = nowMs;
    question.isWindowOpen = true;
    return question.bytes;
  }

  /** The window for the answer has closed. */
  miss(nowMs: number): void {
    const { owner, pace, metrics } = this.#options;
    metrics.timeouts += 1;
    const repeatAtMs = pace.noteMiss(nowMs, owner.phase === 'offline');
    const question = this.#question;
    if (question === undefined) {
      return;
    }
    question.isWindowOpen = false;
    question.repeatAtMs = repeatAtMs;
    question.unprovenWindows += question.isUnproven ? 1 : 0;
    question.isUnproven = false;
    if (question.session !== undefined && question.unprovenWindows >= UNPROVEN_WINDOWS_MAX) {
      this.restart();
      owner.onUnproven(question, nowMs);
    }
  }

  /** A frame from this device. True when it answers the open question, so that the bus is free again. */
  receive(frame: OsdpFrame, nowMs: number): boolean {
    const question = this.#question;
    const isCopy = frame.sequence !== question?.sequence && this.#options.history.isLast(frame.raw);
    if (question === undefined || isCopy) {
      return this.#receiveStray(frame, nowMs, isCopy);
    }
    const answer = judgeAnswer(question, frame);
    switch (answer.kind) {
      case 'reply':
        return this.#receiveReply(question, frame, answer.reply, nowMs);
      case 'busy':
        return this.#receiveBusy(question, nowMs);
      case 'damaged':
        return this.#receiveDamaged(question, nowMs);
      case 'lost':
        return this.#receiveLost(question, frame, answer.nakError, nowMs);
      case 'unproven':
        return this.#receiveUnproven(question, answer.isForged);
      case 'stray':
        return this.#receiveStray(frame, nowMs, false);
    }
  }

  /** The next frame restarts the sequence, so that the device does not take it for a repeat of the one given up. */
  abandon(question: Question, reason: CommandFailure, nowMs: number): void {
    this.restart();
    this.#options.pace.pollAt(nowMs);
    this.#options.owner.onAbandoned(question, reason, nowMs);
  }

  #receiveReply(question: Question, frame: OsdpFrame, reply: Reply | PayloadFault, nowMs: number): boolean {
    const { owner, history } = this.#options;
    question.isTold = this.#ahead !== undefined && areSameBytes(this.#ahead.raw, frame.raw);
    const trust = question.isTold ? 'answer' : this.#trustIn(question, frame, nowMs);
    if (trust !== 'answer') {
      return this.#receiveDoubtful(question, frame, trust, nowMs);
    }
    this.#fastestMs = Math.min(this.#fastestMs, nowMs - question.sentMs);
    this.#noteAnswer(question, nowMs);
    this.#sequence = nextSequence(question.sequence);
    this.#question = undefined;
    this.#ahead = this.#ahead?.sequence === question.sequence ? undefined : this.#ahead;
    this.#lastPollSequence = question.work.command.kind === 'poll' ? question.sequence : undefined;
    history.took(frame.raw);
    if (question.answers < question.sends) {
      history.expectStrays(nowMs);
    }
    owner.onReply(question, frame, reply, nowMs);
    return true;
  }

  #trustIn(question: Question, frame: OsdpFrame, nowMs: number): Trust {
    const { owner, history, baud } = this.#options;
    if (owner.phase !== 'online' || question.session !== undefined) {
      return 'answer';
    }
    // A network link may be faster than the baud rate that it stands for.
    const fastestMs = Math.min(this.#fastestMs, wireTimeMs(question.bytes.length + frame.raw.length, baud()));
    return trustIn(question, frame, { history, fastestMs, nowMs });
  }

  #receiveDoubtful(question: Question, frame: OsdpFrame, trust: Trust, nowMs: number): boolean {
    question.doubts += 1;
    question.suspect = frame.raw;
    if (trust === 'too-soon') {
      question.answers += 1;
      return false;
    }
    this.#repeatAt(question, nowMs, nowMs);
    return true;
  }

  /**
   * Fits no open question, but may be news in a plain line that holds frames back: a report with the number of the last poll, for whose
   * answer a copy was taken, or with the number after the present one, because a late copy of a poll came before the question.
   */
  #receiveStray(frame: OsdpFrame, nowMs: number, isCopy: boolean): false {
    const { owner, history, metrics } = this.#options;
    metrics.unexpected += 1;
    const isPlain = owner.phase === 'online' && owner.isPlain && frame.security === undefined;
    const isAhead = frame.sequence === (this.#question === undefined ? this.#sequence : nextSequence(this.#sequence));
    if (isCopy || !isPlain || (!isAhead && frame.sequence !== this.#lastPollSequence)) {
      return false;
    }
    const reply = decodeReply(frame.code, frame.data);
    if (typeof reply !== 'string' && isReport(reply) && !history.hasTold(frame.raw, nowMs)) {
      this.#ahead = isAhead ? frame : this.#ahead;
      owner.onMissedReport(reply, frame, nowMs);
    }
    return false;
  }

  #receiveUnproven(question: Question, isForged: boolean): false {
    question.isUnproven = true;
    this.#options.metrics[isForged ? 'macFaults' : 'unexpected'] += 1;
    return false;
  }

  /** Spec 7.19: the same command again, a little later; it did not count. */
  #receiveBusy(question: Question, nowMs: number): true {
    this.#options.metrics.busy += 1;
    question.busyReplies += 1;
    this.#repeatAt(question, nowMs, nowMs + BUSY_REPEAT_MS);
    if (question.busyReplies > BUSY_REPEATS_MAX) {
      this.abandon(question, 'busy', nowMs);
    }
    return true;
  }

  #receiveDamaged(question: Question, nowMs: number): true {
    this.#options.metrics.naks += 1;
    question.damagedReplies += 1;
    this.#repeatAt(question, nowMs, nowMs);
    if (question.damagedReplies > DAMAGED_REPLIES_MAX) {
      this.abandon(question, 'nak', nowMs);
    }
    return true;
  }

  /**
   * The device does not know where we are (spec 5.9), or this is a late answer to a late copy. The same bytes again tell: a
   * device that has lost its place says so twice, any other repeats the answer that a restart would throw away. On a line where
   * nothing is late, a refusal in clear inside a channel needs no second one.
   */
  #receiveLost(question: Question, frame: OsdpFrame, nakError: number | undefined, nowMs: number): true {
    const { owner, history } = this.#options;
    const mayBeLate = history.mayStrayCome(nowMs) || history.hasTold(frame.raw, nowMs);
    const isCertain = question.session !== undefined && nakError !== undefined && !mayBeLate;
    history.remember(frame.raw, nowMs);
    question.lostReplies += 1;
    this.#repeatAt(question, nowMs, nowMs);
    if (isCertain || question.lostReplies > 1) {
      this.restart();
      owner.onLost(question, nakError, nowMs);
    }
    return true;
  }

  #noteAnswer(question: Question, nowMs: number): void {
    const { metrics, pace } = this.#options;
    question.answers += 1;
    metrics.replies += 1;
    metrics.roundTripMsLast = nowMs - question.sentMs;
    metrics.roundTripMsMax = Math.max(metrics.roundTripMsMax, metrics.roundTripMsLast);
    metrics.late += question.isWindowOpen ? 0 : 1;
    pace.noteAnswer(nowMs, !question.isWindowOpen);
  }

  /** The device lives; the same bytes go out again. */
  #repeatAt(question: Question, nowMs: number, repeatAtMs: number): void {
    this.#noteAnswer(question, nowMs);
    question.isWindowOpen = false;
    question.repeatAtMs = repeatAtMs;
  }
}
