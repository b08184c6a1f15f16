import {
  BUSY_REPEATS_MAX,
  BUSY_REPEAT_MS,
  DOOR_BUSY_MS,
  IDLE_POLL_MS,
  MISSES_BEFORE_PROBE_WINDOW,
  OFFLINE_AFTER_MS,
  PROBE_INTERVAL_MS,
  PROBE_WINDOW_MS,
  REPLY_WINDOW_MS,
  SILENT_REPEAT_MS,
  wireTimeMs,
} from '../frame/bus-timing.ts';
import { NAK } from '../messages/codes.ts';
import { CommandQueue } from './command-queue.ts';
import type { Work } from './command-queue.ts';
import type { Command } from '../messages/commands.ts';
import { encodeCommand } from '../messages/commands.ts';
import type { FrameCheck, OsdpFrame, Sequence } from '../frame/frame.ts';
import { encodeFrame, nextSequence } from '../frame/frame.ts';
import type { CommandFailure, DeviceEvent, DeviceMetrics } from './panel-events.ts';
import { newDeviceMetrics } from './panel-events.ts';
import type { Capability, DeviceIdentity, Reply } from '../messages/replies.ts';
import { decodeReply } from '../messages/replies.ts';
import { replyEvent } from './reply-event.ts';

/** `offline` asks for ID with sequence 0, `describing` for CAP, `online` polls and obeys. */
export type LinkPhase = 'offline' | 'describing' | 'online';

export interface DeviceLinkOptions {
  readonly address: number;
  /** CRC-16 unless the device is so old that it only knows the checksum. */
  readonly check: FrameCheck;
  readonly baud: number;
  readonly emit: (event: DeviceEvent) => void;
}

/** The one question that has no answer yet; repeated with identical bytes until it has (spec 5.9.4). */
interface Question {
  readonly work: Work;
  readonly sequence: Sequence;
  readonly bytes: Uint8Array;
  sentMs: number;
  /** False once its window has closed without an answer. */
  isWindowOpen: boolean;
  repeatAtMs: number;
  busyReplies: number;
  /** Answers that say that the device does not know this sequence number. */
  lostReplies: number;
}

const POLL: Command = { kind: 'poll' };
const ID: Command = { kind: 'id' };
const CAP: Command = { kind: 'cap' };

/** One device as the control panel sees it: sequence number, the open question, the queue, and when it wants the bus next. */
export class DeviceLink {
  readonly address: number;
  readonly queue = new CommandQueue();
  readonly metrics: DeviceMetrics = newDeviceMetrics();
  readonly #check: FrameCheck;
  readonly #baud: number;
  readonly #emit: (event: DeviceEvent) => void;

  #phase: LinkPhase = 'offline';
  #identity: DeviceIdentity | undefined;
  #capabilities: readonly Capability[] = [];
  #sequence: Sequence = 0;
  #question: Question | undefined;
  #lastReply: Uint8Array | undefined;
  #lastReplyMs = Number.NEGATIVE_INFINITY;
  #misses = 0;
  #answersLate = false;
  #nextPollMs = Number.NEGATIVE_INFINITY;
  #lastPollMs = Number.NEGATIVE_INFINITY;
  #doorBusyUntilMs = Number.NEGATIVE_INFINITY;

  constructor(options: DeviceLinkOptions) {
    this.address = options.address;
    this.#check = options.check;
    this.#baud = options.baud;
    this.#emit = options.emit;
  }

  get phase(): LinkPhase {
    return this.#phase;
  }

  get identity(): DeviceIdentity | undefined {
    return this.#identity;
  }

  get capabilities(): readonly Capability[] {
    return this.#capabilities;
  }

  /** Monotonic time of the last key or card plus {@link DOOR_BUSY_MS}. */
  get doorBusyUntilMs(): number {
    return this.#doorBusyUntilMs;
  }

  /** Something that opens a door waits here. A device that has fallen silent does not hold up the others with it. */
  get isUrgent(): boolean {
    const canObey = this.#phase === 'online' && this.#misses < MISSES_BEFORE_PROBE_WINDOW;
    return canObey && (this.queue.hasUrgent || this.#question?.work.urgent === true);
  }

  /** Window for the answer, counted from the end of the question on the wire. */
  get replyWindowMs(): number {
    const isSilent = this.#phase === 'offline' || this.#misses >= MISSES_BEFORE_PROBE_WINDOW;
    return isSilent && !this.#answersLate ? PROBE_WINDOW_MS : REPLY_WINDOW_MS;
  }

  /** When this device wants the bus next. */
  dueAtMs(): number {
    if (this.#question !== undefined) {
      return this.#question.repeatAtMs;
    }
    if (this.#phase !== 'online') {
      return this.#nextPollMs;
    }
    if (this.queue.hasUrgent) {
      return Number.NEGATIVE_INFINITY;
    }
    const waiting = this.queue.firstOrdinary;
    return waiting === undefined ? this.#nextPollMs : Math.min(this.#nextPollMs, waiting.submittedMs);
  }

  /** The bytes to send now; {@link dueAtMs} has passed, or something urgent waits. */
  transmit(nowMs: number): Uint8Array {
    const question = this.#question ?? this.#ask(this.#nextWork(nowMs));
    if (question.sentMs !== Number.NEGATIVE_INFINITY) {
      this.metrics.repeats += 1;
    }
    question.sentMs = nowMs;
    question.isWindowOpen = true;
    this.#question = question;
    return question.bytes;
  }

  /** The window for the answer has closed. */
  miss(nowMs: number): void {
    this.metrics.timeouts += 1;
    this.#misses += 1;
    if (this.#question !== undefined) {
      this.#question.isWindowOpen = false;
      this.#question.repeatAtMs = this.#repeatAtMs(nowMs);
    }
  }

  #repeatAtMs(nowMs: number): number {
    if (this.#phase === 'offline') {
      return nowMs + PROBE_INTERVAL_MS;
    }
    return this.#misses < MISSES_BEFORE_PROBE_WINDOW ? nowMs : nowMs + SILENT_REPEAT_MS;
  }

  /** Gives up what has expired, and the whole device after 8 s of silence. */
  advance(nowMs: number): void {
    for (const work of this.queue.takeExpired(nowMs)) {
      this.#fail(work, 'expired', { mayHaveRun: false });
    }
    const question = this.#question;
    if (question?.isWindowOpen === true) {
      return;
    }
    if (question !== undefined && question.work.expiresAtMs <= nowMs) {
      this.#abandon(question, 'expired', nowMs);
    }
    if (this.#phase !== 'offline' && nowMs - this.#lastReplyMs >= OFFLINE_AFTER_MS) {
      this.#goOffline(nowMs);
    }
  }

  /** A frame from this device. True when it answers the open question, so that the bus is free again. */
  receive(frame: OsdpFrame, nowMs: number): boolean {
    const question = this.#question;
    const reply = decodeReply(frame.code, frame.data);
    if (question === undefined || (frame.sequence !== question.sequence && this.#isCopy(frame))) {
      return this.#ignore();
    }
    if (typeof reply !== 'string' && reply.kind === 'busy') {
      return this.#receiveBusy(question, nowMs);
    }
    if (frame.sequence !== question.sequence) {
      return frame.sequence === 0 ? this.#receiveLost(question, nowMs) : this.#ignore();
    }
    if (isSequenceNak(reply) && question.sequence !== 0) {
      return this.#receiveLost(question, nowMs);
    }
    this.#noteAnswer(question, nowMs);
    this.#sequence = nextSequence(question.sequence);
    this.#question = undefined;
    this.#lastReply = frame.raw;
    if (typeof reply === 'string') {
      this.#receiveMalformed(question.work, frame.code);
    } else {
      this.#receiveReply(question.work, reply, nowMs);
    }
    this.#nextPollMs = this.#nextPollAfter(question, frame.raw.length, nowMs);
    return true;
  }

  /** Everything that waits fails; the device is taken off the bus. */
  remove(): void {
    if (this.#question !== undefined) {
      this.#fail(this.#question.work, 'removed', { mayHaveRun: true });
      this.#question = undefined;
    }
    this.#failAll('removed');
  }

  #nextWork(nowMs: number): Work {
    if (this.#phase !== 'online') {
      return internalWork(this.#phase === 'offline' ? ID : CAP, nowMs);
    }
    const urgent = this.queue.takeUrgent();
    if (urgent !== undefined) {
      return urgent;
    }
    // A stream of ordinary commands must not keep the keys from being heard.
    const isPollOverdue = nowMs - this.#lastPollMs >= IDLE_POLL_MS;
    const ordinary = isPollOverdue ? undefined : this.queue.takeOrdinary();
    if (ordinary !== undefined) {
      return ordinary;
    }
    this.#lastPollMs = nowMs;
    return internalWork(POLL, nowMs);
  }

  #ask(work: Work): Question {
    this.metrics.commands += 1;
    const never = Number.NEGATIVE_INFINITY;
    const sequence = this.#sequence;
    const bytes = this.#frame(work.command, sequence);
    return {
      work,
      sequence,
      bytes,
      sentMs: never,
      isWindowOpen: false,
      repeatAtMs: never,
      busyReplies: 0,
      lostReplies: 0,
    };
  }

  #frame(command: Command, sequence: Sequence): Uint8Array {
    return encodeFrame({
      direction: 'command',
      address: this.address,
      sequence,
      check: this.#check,
      security: undefined,
      ...encodeCommand(command),
      mac: undefined,
    });
  }

  #nextPollAfter({ bytes, sentMs }: Question, replyBytes: number, nowMs: number): number {
    const wireMs = wireTimeMs(bytes.length + replyBytes, this.#baud);
    const isFast = this.#phase !== 'online' || nowMs < this.#doorBusyUntilMs || !this.queue.isEmpty;
    // On a network link the wire's own pace is kept too: polling a socket as fast as a processor can helps nobody.
    return sentMs + (isFast ? wireMs : Math.max(wireMs, IDLE_POLL_MS));
  }

  #noteAnswer(question: Question, nowMs: number): void {
    this.metrics.replies += 1;
    this.metrics.roundTripMsLast = nowMs - question.sentMs;
    this.metrics.roundTripMsMax = Math.max(this.metrics.roundTripMsMax, this.metrics.roundTripMsLast);
    this.#lastReplyMs = nowMs;
    this.#answersLate = !question.isWindowOpen;
    if (this.#answersLate) {
      this.metrics.late += 1;
    }
    this.#misses = 0;
  }

  /** The line doubled an answer that was already taken. */
  #isCopy(frame: OsdpFrame): boolean {
    const last = this.#lastReply;
    return last !== undefined && last.length === frame.raw.length && last.every((byte, at) => byte === frame.raw[at]);
  }

  #ignore(): false {
    this.metrics.unexpected += 1;
    return false;
  }

  /** Spec 7.19: the same command again, a little later; it did not count. */
  #receiveBusy(question: Question, nowMs: number): true {
    this.#noteAnswer(question, nowMs);
    this.metrics.busy += 1;
    question.busyReplies += 1;
    question.isWindowOpen = false;
    question.repeatAtMs = nowMs + BUSY_REPEAT_MS;
    if (question.busyReplies > BUSY_REPEATS_MAX) {
      this.#abandon(question, 'busy', nowMs);
    }
    return true;
  }

  /**
   * The device does not know where we are (spec 5.9), or this is a late answer to a late copy. The same bytes again tell: a
   * device that has lost its place says so twice, any other repeats the answer that a restart would throw away.
   */
  #receiveLost(question: Question, nowMs: number): true {
    this.#noteAnswer(question, nowMs);
    question.lostReplies += 1;
    question.isWindowOpen = false;
    question.repeatAtMs = nowMs;
    if (question.lostReplies > 1) {
      this.#restart(question.work);
    }
    return true;
  }

  /** The same command opens a new sequence. It has not been carried out. */
  #restart(work: Work): void {
    this.metrics.restarts += 1;
    this.#sequence = 0;
    this.#question = this.#ask(work);
    if (this.#phase === 'online') {
      this.#emit({ type: 'restarted' });
    }
  }

  /** The next frame restarts the sequence, so that the device does not take it for a repeat of the one given up. */
  #abandon(question: Question, reason: CommandFailure, nowMs: number): void {
    this.#question = undefined;
    this.#sequence = 0;
    this.#nextPollMs = nowMs;
    this.#fail(question.work, reason, { mayHaveRun: reason === 'expired' });
  }

  #goOffline(nowMs: number): void {
    const wasOnline = this.#phase === 'online';
    const question = this.#question;
    this.#phase = 'offline';
    this.#question = undefined;
    this.#sequence = 0;
    this.#nextPollMs = nowMs;
    if (question !== undefined) {
      this.#fail(question.work, 'offline', { mayHaveRun: true });
    }
    this.#failAll('offline');
    if (wasOnline) {
      this.metrics.offlines += 1;
      this.#emit({ type: 'offline' });
    }
  }

  #failAll(reason: CommandFailure): void {
    for (const work of this.queue.takeAll()) {
      this.#fail(work, reason, { mayHaveRun: false });
    }
  }

  #fail(
    work: Work,
    reason: CommandFailure,
    { mayHaveRun, nakError }: { mayHaveRun: boolean; nakError?: number },
  ): void {
    if (work.commandId !== undefined) {
      const outcome = { ok: false, reason, mayHaveRun, nakError } as const;
      this.#emit({ type: 'outcome', commandId: work.commandId, command: work.command, outcome });
    }
  }

  #receiveMalformed(work: Work, code: number): void {
    this.metrics.malformed += 1;
    this.#emit({ type: 'malformed', code });
    this.#fail(work, 'malformed-reply', { mayHaveRun: true });
    this.#bringUp(work, undefined);
  }

  #receiveReply(work: Work, reply: Reply, nowMs: number): void {
    if (reply.kind === 'nak') {
      this.metrics.naks += 1;
      this.#emit({ type: 'nak', command: work.command, nakError: reply.error });
      this.#fail(work, 'nak', { mayHaveRun: false, nakError: reply.error });
    }
    if (this.#phase !== 'online') {
      this.#bringUp(work, reply);
      return;
    }
    this.#noteEvent(reply, nowMs);
    if (work.commandId !== undefined && reply.kind !== 'nak') {
      const outcome = { ok: true, reply } as const;
      this.#emit({ type: 'outcome', commandId: work.commandId, command: work.command, outcome });
    }
  }

  #noteEvent(reply: Reply, nowMs: number): void {
    if (reply.kind === 'keypad' || reply.kind === 'raw') {
      this.metrics[reply.kind === 'keypad' ? 'keypadEvents' : 'cardEvents'] += 1;
      this.#doorBusyUntilMs = nowMs + DOOR_BUSY_MS;
    }
    const event = replyEvent(reply);
    if (event !== undefined) {
      this.#emit(event);
    }
  }

  /** A device that will not say who it is or what it can is used all the same: a NAK never means offline. */
  #bringUp({ command }: Work, reply: Reply | undefined): void {
    if (this.#phase === 'offline' && command.kind === 'id') {
      this.#identity = reply?.kind === 'pdid' ? reply.identity : undefined;
      this.#phase = 'describing';
    } else if (this.#phase === 'describing' && command.kind === 'cap') {
      this.#capabilities = reply?.kind === 'pdcap' ? reply.capabilities : [];
      this.#phase = 'online';
      this.#emit({ type: 'online', identity: this.#identity, capabilities: this.#capabilities });
    }
  }
}

function internalWork(command: Command, nowMs: number): Work {
  return {
    command,
    commandId: undefined,
    urgent: false,
    expiresAtMs: Number.POSITIVE_INFINITY,
    submittedMs: nowMs,
  };
}

function isSequenceNak(reply: Reply | string): boolean {
  return typeof reply !== 'string' && reply.kind === 'nak' && reply.error === NAK.sequence;
}
