import { EXCEPTION } from './codes.ts';
import { newUnitMetrics } from './master-events.ts';
import type { RequestFailure, RequestOutcome, UnitEvent, UnitMetrics } from './master-events.ts';
import { RequestQueue } from './request-queue.ts';
import type { Order } from './request-queue.ts';
import { isRead } from './requests.ts';
import type { ModbusRequest, ReadRequest } from './requests.ts';
import type { ModbusResponse } from './responses.ts';
import { encodeRequestFrame } from './rtu-frame.ts';
import {
  ANSWER_WINDOW_MS,
  BUSY_REPEATS_MAX,
  BUSY_REPEAT_MS,
  MISSES_BEFORE_PROBE_WINDOW,
  PROBE_INTERVAL_MS,
  PROBE_WINDOW_MS,
  SILENT_REPEAT_MS,
  SLOW_ANSWER_WINDOW_MS,
  TRIES_MAX,
  UNIT_OFFLINE_AFTER_MS,
} from './rtu-timing.ts';

/** What a unit is asked again and again. */
export interface UnitPoll {
  readonly request: ReadRequest;
  readonly everyMs: number;
  /** While somebody is at the door. */
  readonly busyEveryMs: number;
}

export interface MasterUnit {
  /** 1..247 */
  readonly unit: number;
  /** Not empty: answers are the only sign of life there is. An offline unit is asked the same. */
  readonly polls: readonly [UnitPoll, ...UnitPoll[]];
  /** Goes out before anything else each time the unit comes up, and has to be obeyed; a unit that refuses it takes no orders. */
  readonly greeting?: ModbusRequest;
}

/** What is on the wire. */
export interface Question {
  readonly request: ModbusRequest;
  readonly bytes: Uint8Array;
  readonly sentMs: number;
  readonly order: Order | undefined;
  readonly poll: PollTurn | undefined;
}

interface PollTurn extends UnitPoll {
  nextMs: number;
}

/** Exceptions after which a unit may have obeyed all the same. */
const OBEYED_PERHAPS: ReadonlySet<number> = new Set([
  EXCEPTION.deviceFailure,
  EXCEPTION.acknowledge,
  EXCEPTION.gatewayNoAnswer,
]);

/** One unit as the master sees it: whether it is there, what waits for it, and when it wants the line next. */
export class UnitLink {
  readonly unit: number;
  readonly queue = new RequestQueue();
  readonly metrics: UnitMetrics = newUnitMetrics();
  readonly #greeting: ModbusRequest | undefined;
  readonly #polls: readonly [PollTurn, ...PollTurn[]];
  readonly #emit: (event: UnitEvent) => void;

  #isOnline = false;
  #lastAnswerMs: number | undefined;
  #misses = 0;
  #answersLate = false;
  /** Nothing is written before a read has been answered: see {@link ask}. */
  #mustRead = true;
  #notBeforeMs = Number.NEGATIVE_INFINITY;
  #busyUntilMs = Number.NEGATIVE_INFINITY;

  constructor({ unit, polls: [first, ...rest], greeting }: MasterUnit, emit: (event: UnitEvent) => void) {
    this.unit = unit;
    this.#greeting = greeting;
    this.#polls = [newTurn(first), ...rest.map(newTurn)];
    this.#emit = emit;
  }

  get isOnline(): boolean {
    return this.#isOnline;
  }

  get lastAnswerMs(): number | undefined {
    return this.#lastAnswerMs;
  }

  /** Until when somebody is at the door of an online unit. */
  get busyUntilMs(): number {
    return this.#isOnline ? this.#busyUntilMs : Number.NEGATIVE_INFINITY;
  }

  /** Something that opens a door waits here. A unit that has fallen silent does not hold up the others with it. */
  get isUrgent(): boolean {
    const canObey = this.#isOnline && this.#misses < MISSES_BEFORE_PROBE_WINDOW;
    return canObey && this.queue.first?.urgent === true;
  }

  /** For the answer to begin in, counted from the end of the question on the wire. */
  get answerWindowMs(): number {
    if (this.#answersLate) {
      return SLOW_ANSWER_WINDOW_MS;
    }
    const isSilent = !this.#isOnline || this.#misses >= MISSES_BEFORE_PROBE_WINDOW;
    return isSilent ? PROBE_WINDOW_MS : ANSWER_WINDOW_MS;
  }

  /** When this unit wants the line next. */
  dueAtMs(): number {
    return Math.max(this.#notBeforeMs, this.#isOnline ? this.#workDueMs() : Number.NEGATIVE_INFINITY);
  }

  #workDueMs(): number {
    const waiting = this.queue.first;
    const pollDueMs = this.#nextPoll().nextMs;
    if (waiting === undefined) {
      return pollDueMs;
    }
    return waiting.urgent ? Number.NEGATIVE_INFINITY : Math.min(pollDueMs, waiting.submittedMs);
  }

  /** Somebody is at the door until then: the unit is polled fast. */
  expectPerson(untilMs: number, nowMs: number): void {
    this.#busyUntilMs = Math.max(this.#busyUntilMs, untilMs);
    this.#pollSoon(nowMs);
  }

  /** The line was replaced. Whether the new one repeats what is said to it is not known yet. */
  lineLost(): void {
    this.#mustRead = true;
    this.#notBeforeMs = Number.NEGATIVE_INFINITY;
  }

  /**
   * The question to send now. An answer carries no number, and an adapter may return our own bytes, which for a write look like the answer. So a
   * write goes out only after a read of the same line has been answered, and after anything without an answer another read must be: by then whatever
   * was late has come or is lost, and no pile of orders waits in some buffer to be obeyed minutes later.
   */
  ask(nowMs: number): Question {
    this.metrics.asked += 1;
    const order = this.#isOnline && !this.#mustRead ? this.#nextOrder(nowMs) : undefined;
    if (order !== undefined) {
      this.metrics.repeats += order.tries > 0 ? 1 : 0;
      order.tries += 1;
      return this.#question(order.request, nowMs, order, undefined);
    }
    const greeting = this.#isOnline ? undefined : this.#greeting;
    const poll = this.#nextPoll();
    return greeting === undefined
      ? this.#question(poll.request, nowMs, undefined, poll)
      : this.#question(greeting, nowMs, undefined, undefined);
  }

  /** A stream of ordinary orders must not keep the inputs from being heard. */
  #nextOrder(nowMs: number): Order | undefined {
    const poll = this.#nextPoll();
    const isPollOverdue = nowMs - poll.nextMs >= poll.everyMs;
    return isPollOverdue && this.queue.first?.urgent !== true ? undefined : this.queue.take();
  }

  #question(request: ModbusRequest, sentMs: number, order: Order | undefined, poll: PollTurn | undefined): Question {
    return { request, bytes: encodeRequestFrame(this.unit, request), sentMs, order, poll };
  }

  #nextPoll(): PollTurn {
    return this.#polls.reduce((first, poll) => (poll.nextMs < first.nextMs ? poll : first));
  }

  /** The window for the answer has closed. */
  miss({ order }: Question, nowMs: number): void {
    this.metrics.timeouts += 1;
    this.#misses += 1;
    this.#mustRead = true;
    if (!this.#isOnline) {
      this.#notBeforeMs = nowMs + PROBE_INTERVAL_MS;
    } else if (this.#misses >= MISSES_BEFORE_PROBE_WINDOW) {
      this.#notBeforeMs = nowMs + SILENT_REPEAT_MS;
    }
    if (order !== undefined && order.tries >= TRIES_MAX) {
      this.#fail(order, 'no-answer', true);
    } else if (order !== undefined) {
      this.queue.putBack(order);
    }
  }

  /** A good frame of this unit that nobody waits for. */
  noteLate(): void {
    this.metrics.late += 1;
    this.#answersLate ||= this.#misses > 0;
  }

  answer(question: Question, response: ModbusResponse, nowMs: number): void {
    this.#noteAnswer(nowMs - question.sentMs, response);
    this.#lastAnswerMs = nowMs;
    this.#notBeforeMs = Number.NEGATIVE_INFINITY;
    this.#mustRead &&= !isRead(question.request);
    if (!this.#isOnline && !this.#comeUp(question, response, nowMs)) {
      return;
    }
    if (question.poll !== undefined) {
      this.#answerPoll(question.poll, response, question.sentMs, nowMs);
    } else if (question.order !== undefined) {
      this.#answerOrder(question.order, response, nowMs);
    }
  }

  #noteAnswer(roundTripMs: number, response: ModbusResponse): void {
    this.#misses = 0;
    this.#answersLate &&= roundTripMs > ANSWER_WINDOW_MS;
    this.metrics.answered += 1;
    this.metrics.exceptions += response.kind === 'exception' ? 1 : 0;
    this.metrics.lastRoundTripMs = roundTripMs;
    this.metrics.maxRoundTripMs = Math.max(this.metrics.maxRoundTripMs, roundTripMs);
  }

  /** True when the unit takes orders from now on. */
  #comeUp({ poll }: Question, response: ModbusResponse, nowMs: number): boolean {
    if (poll === undefined && response.kind === 'exception') {
      this.#notBeforeMs = nowMs + PROBE_INTERVAL_MS;
      this.#emit({ type: 'greetingRefused', exception: response.exception });
      return false;
    }
    this.#isOnline = true;
    this.#pollSoon(nowMs);
    this.#emit({ type: 'online' });
    return true;
  }

  #answerPoll(poll: PollTurn, response: ModbusResponse, sentMs: number, nowMs: number): void {
    poll.nextMs = Math.max(nowMs, sentMs + (nowMs < this.#busyUntilMs ? poll.busyEveryMs : poll.everyMs));
    this.#emit({ type: 'polled', request: poll.request, response, askedMs: sentMs });
  }

  #answerOrder(order: Order, response: ModbusResponse, nowMs: number): void {
    if (response.kind !== 'exception') {
      this.#pollSoon(nowMs);
      this.#settle(order, { ok: true, response });
      return;
    }
    const { exception } = response;
    if (exception === EXCEPTION.deviceBusy && order.busyReplies < BUSY_REPEATS_MAX) {
      order.busyReplies += 1;
      order.tries -= 1;
      this.#notBeforeMs = nowMs + BUSY_REPEAT_MS;
      this.queue.putBack(order);
      return;
    }
    const mayHaveRun = order.tries > 1 || OBEYED_PERHAPS.has(exception);
    this.#settle(order, { ok: false, reason: 'exception', mayHaveRun, exception });
  }

  /** What an order has changed is to be seen at once. */
  #pollSoon(nowMs: number): void {
    for (const poll of this.#polls) {
      poll.nextMs = Math.min(poll.nextMs, nowMs);
    }
  }

  /** Gives up what has expired, and the unit after 8 s of silence unless it may still answer what is on the wire. */
  advance(nowMs: number, isBeingAsked: boolean): void {
    for (const order of this.queue.takeExpired(nowMs)) {
      this.#fail(order, 'expired', order.tries > 0);
    }
    const isSilent = nowMs - (this.#lastAnswerMs ?? nowMs) >= UNIT_OFFLINE_AFTER_MS;
    if (this.#isOnline && !isBeingAsked && isSilent) {
      this.#isOnline = false;
      this.#answersLate = false;
      this.#notBeforeMs = nowMs + PROBE_INTERVAL_MS;
      for (const order of this.queue.takeAll()) {
        this.#fail(order, 'offline', order.tries > 0);
      }
      this.#emit({ type: 'offline' });
    }
  }

  #fail(order: Order, reason: RequestFailure, mayHaveRun: boolean): void {
    this.#settle(order, { ok: false, reason, mayHaveRun, exception: undefined });
  }

  #settle({ requestId }: Order, outcome: RequestOutcome): void {
    this.#emit({ type: 'outcome', requestId, outcome });
  }
}

function newTurn(poll: UnitPoll): PollTurn {
  return { ...poll, nextMs: Number.NEGATIVE_INFINITY };
}
