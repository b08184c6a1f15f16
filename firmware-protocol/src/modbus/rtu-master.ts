import { DomainError } from '../units/errors.ts';
import { appendHeard, contains } from './bytes.ts';
import { UNIT_MAX, UNIT_MIN } from './codes.ts';
import type { MasterEvent, RequestSubmission, UnitMetrics } from './master-events.ts';
import { isRead, isRepeatedInAnswer } from './requests.ts';
import type { ModbusRequest } from './requests.ts';
import { answerFrameBytes, isAnswerTo } from './responses.ts';
import { RTU_FRAME_BYTES_MAX, decodeResponseFrame, encodeRequestFrame, findFrame } from './rtu-frame.ts';
import { INTER_CHARACTER_MS, PROBE_SPACING_MS, rtuWireTimeMs, silenceMs } from './rtu-timing.ts';
import { UnitLink } from './unit-link.ts';
import type { MasterUnit, Question } from './unit-link.ts';

export interface RtuMasterOptions {
  /** Of the wire, also behind a network link: windows and pauses follow from it. */
  readonly baud: number;
  readonly units: readonly MasterUnit[];
  /** Called from inside `receive`, `advance` and `nextTransmission`; it may call `submit`. */
  readonly onEvent: (event: MasterEvent) => void;
}

export interface RequestOptions {
  /** Before everything that waits, also for other units. Default: false. */
  readonly urgent?: boolean;
  /** Monotonic; from then on the request is not sent (again) and fails with `expired`. Default: never. */
  readonly expiresAtMs?: number;
}

export interface UnitStatus {
  readonly isOnline: boolean;
  /** Monotonic; undefined before the first. */
  readonly lastAnswerMs: number | undefined;
  readonly metrics: Readonly<UnitMetrics>;
}

/** Counters of the line as a whole. */
export interface LineMetrics {
  bytesSent: number;
  bytesReceived: number;
  /** Answers of which something came, but nothing whole. */
  answersDamaged: number;
  /** Good frames that answer nothing that was asked last. */
  framesForeign: number;
}

/** What is kept of one answer: an echo, the frame, and noise around them. */
const HEARD_BYTES_MAX = 4 * RTU_FRAME_BYTES_MAX;
/** How much longer than its window an answer may take that has begun. */
const ANSWER_OVERTIME_MS = 2 * INTER_CHARACTER_MS;

/** The question that has the line. */
interface Exchange {
  readonly link: UnitLink;
  readonly question: Question;
  deadlineMs: number;
  readonly latestMs: number;
  /** The next frame that looks like the answer is our own. */
  isEchoDue: boolean;
}

/**
 * The master of one Modbus RTU line, without any I/O: monotonic milliseconds and bytes in, bytes and events out.
 *
 * Call `nextTransmission` whenever `receive` has returned or `nextDeadlineMs` has come, and send what it gives. One question at a time is on the
 * line, with the silence t3.5 before it; what opens a door goes first, the rest by how long it is due. Nobody is spoken to by broadcast.
 *
 * A request is repeated with identical bytes until it is answered, refused or expired, so a unit whose answer was lost obeys twice. That does no harm
 * to what sets an output; a flash-on starts its pulse again, so the lock may stay released longer by the time until `expiresAtMs` at most.
 */
export class RtuMaster {
  readonly metrics: LineMetrics = { bytesSent: 0, bytesReceived: 0, answersDamaged: 0, framesForeign: 0 };
  readonly #baud: number;
  readonly #onEvent: (event: MasterEvent) => void;
  readonly #links = new Map<number, UnitLink>();
  #exchange: Exchange | undefined;
  /** What went out last, answered or not. */
  #asked: Question | undefined;
  /** What was heard since the last question went out. */
  #heard = new Uint8Array(0);
  /** Up to where that has been looked through. */
  #heardFrom = 0;
  /** The adapter of this link returns what we send. */
  #isEchoing = false;
  #quietAtMs = Number.NEGATIVE_INFINITY;
  #lastByteMs = Number.NEGATIVE_INFINITY;
  #lostProbeMs = Number.NEGATIVE_INFINITY;
  #lastRequestId = 0;

  /** Throws DomainError `modbus-unit-invalid` or `modbus-unit-taken`, and RangeError for a poll or greeting that cannot be asked. */
  constructor({ baud, units, onEvent }: RtuMasterOptions) {
    this.#baud = baud;
    this.#onEvent = onEvent;
    for (const unit of units) {
      this.#add(unit);
    }
  }

  #add(options: MasterUnit): void {
    const { unit, polls, greeting } = options;
    if (!Number.isInteger(unit) || unit < UNIT_MIN || unit > UNIT_MAX) {
      throw new DomainError('modbus-unit-invalid', 'A Modbus unit is a whole number from 1 to 247.', { unit });
    }
    if (this.#links.has(unit)) {
      throw new DomainError('modbus-unit-taken', 'Two units on one line cannot share a number.', { unit });
    }
    for (const request of [...polls.map((poll) => poll.request), ...(greeting ? [greeting] : [])]) {
      encodeRequestFrame(unit, request);
    }
    this.#links.set(unit, new UnitLink(options, (event) => this.#onEvent({ ...event, unit })));
  }

  /** `undefined` for a unit that is not on this line. */
  unit(unit: number): UnitStatus | undefined {
    const link = this.#links.get(unit);
    return link && { isOnline: link.isOnline, lastAnswerMs: link.lastAnswerMs, metrics: { ...link.metrics } };
  }

  /** Somebody is at the door of this unit: it is polled fast until then. */
  expectPerson(unit: number, untilMs: number, nowMs: number): void {
    this.#links.get(unit)?.expectPerson(untilMs, nowMs);
  }

  /** Queues a request. Its end is an `outcome` event with the same `requestId`, exactly one, always. Throws RangeError for what cannot be asked. */
  submit(unit: number, request: ModbusRequest, nowMs: number, options: RequestOptions = {}): RequestSubmission {
    encodeRequestFrame(unit, request);
    const link = this.#links.get(unit);
    if (link === undefined) {
      return { accepted: false, reason: 'unknown-unit' };
    }
    const { urgent = false, expiresAtMs = Number.POSITIVE_INFINITY } = options;
    const requestId = this.#lastRequestId + 1;
    const order = { request, requestId, urgent, expiresAtMs, submittedMs: nowMs, tries: 0, busyReplies: 0 };
    if (!link.isOnline || !link.queue.add(order)) {
      link.metrics.refusedRequests += 1;
      return { accepted: false, reason: link.isOnline ? 'queue-full' : 'offline' };
    }
    this.#lastRequestId = requestId;
    return { accepted: true, requestId };
  }

  /** The bytes to put on the wire now, or `undefined` while the line is taken or nothing is due. */
  nextTransmission(nowMs: number): Uint8Array | undefined {
    this.advance(nowMs);
    const link = this.#exchange === undefined && nowMs >= this.#quietAtMs ? this.#nextLink(nowMs) : undefined;
    if (link === undefined) {
      return undefined;
    }
    const windowMs = link.answerWindowMs;
    const question = link.ask(nowMs);
    const sentMs = nowMs + rtuWireTimeMs(question.bytes.length, this.#baud);
    const deadlineMs = sentMs + windowMs + rtuWireTimeMs(answerFrameBytes(question.request), this.#baud);
    const isEchoDue = this.#isEchoing && isRepeatedInAnswer(question.request);
    this.#exchange = { link, question, deadlineMs, latestMs: deadlineMs + ANSWER_OVERTIME_MS, isEchoDue };
    this.#asked = question;
    this.#quietAtMs = sentMs + silenceMs(this.#baud);
    this.#forgetHeard();
    this.metrics.bytesSent += question.bytes.length;
    return question.bytes;
  }

  receive(bytes: Uint8Array, nowMs: number): void {
    this.metrics.bytesReceived += bytes.length;
    this.#lastByteMs = nowMs;
    this.#quietAtMs = Math.max(this.#quietAtMs, nowMs + silenceMs(this.#baud));
    this.#hear(bytes);
    this.#noticeEcho();
    for (let found = this.#findHeard(); found !== undefined; found = this.#findHeard()) {
      this.#heardFrom = found.end;
      this.#takeFrame(this.#heard.subarray(found.start, found.end), nowMs);
    }
  }

  #findHeard(): { readonly start: number; readonly end: number } | undefined {
    return findFrame(this.#heard, this.#heardFrom, 'response');
  }

  #hear(bytes: Uint8Array): void {
    const surplus = Math.max(0, this.#heard.length + bytes.length - HEARD_BYTES_MAX);
    this.#heard = appendHeard(this.#heard, bytes, HEARD_BYTES_MAX);
    this.#heardFrom = Math.max(0, this.#heardFrom - surplus);
  }

  /**
   * Half-duplex adapters that do not silence their receiver return our own request before the answer. The answer to a write is the same bytes again,
   * so only a read can tell whether there is an echo: its answer never looks like its question. An echo once heard is expected until the link is
   * replaced: a read without one proves nothing, as a late answer to the question before may have come first.
   */
  #noticeEcho(): void {
    const asked = this.#asked;
    if (!this.#isEchoing && asked !== undefined && isRead(asked.request) && contains(this.#heard, asked.bytes)) {
      this.#isEchoing = true;
    }
  }

  #takeFrame(bytes: Uint8Array, nowMs: number): void {
    const frame = decodeResponseFrame(bytes);
    const link = frame && this.#links.get(frame.unit);
    const exchange = this.#exchange;
    if (frame === undefined || link === undefined || exchange === undefined || exchange.link !== link) {
      this.#ignore(link);
      return;
    }
    if (!isAnswerTo(exchange.question.request, frame.response)) {
      this.#ignore(link);
      return;
    }
    if (exchange.isEchoDue && frame.response.kind !== 'exception') {
      exchange.isEchoDue = false;
      return;
    }
    this.#exchange = undefined;
    link.answer(exchange.question, frame.response, nowMs);
  }

  #ignore(link: UnitLink | undefined): void {
    this.metrics.framesForeign += 1;
    link?.noteLate();
  }

  /** Closes the window of an answer that has not come, and gives up what has expired. */
  advance(nowMs: number): void {
    const exchange = this.#exchange;
    if (exchange !== undefined && nowMs >= exchange.deadlineMs) {
      this.#closeWindow(exchange, nowMs);
    }
    for (const link of this.#links.values()) {
      link.advance(nowMs, this.#exchange?.link === link);
    }
  }

  /** An answer that has begun to arrive may finish; otherwise the question counts as missed. */
  #closeWindow(exchange: Exchange, nowMs: number): void {
    const { question, link } = exchange;
    const echoBytes = this.#isEchoing ? question.bytes.length : 0;
    const hasBegun = this.#heard.length > echoBytes;
    const mayFinishMs = Math.min(this.#lastByteMs + INTER_CHARACTER_MS, exchange.latestMs);
    if (hasBegun && nowMs < mayFinishMs) {
      exchange.deadlineMs = mayFinishMs;
      return;
    }
    this.metrics.answersDamaged += hasBegun ? 1 : 0;
    this.#lostProbeMs = link.isOnline ? this.#lostProbeMs : nowMs;
    this.#exchange = undefined;
    link.miss(question, nowMs);
  }

  /** The link is gone; what was on it counts as missed. The next one may be of another kind. */
  lineLost(nowMs: number): void {
    const exchange = this.#exchange;
    this.#exchange = undefined;
    exchange?.link.miss(exchange.question, nowMs);
    this.#isEchoing = false;
    this.#asked = undefined;
    this.#forgetHeard();
    for (const link of this.#links.values()) {
      link.lineLost();
    }
  }

  /** When `nextTransmission` has to be called at the latest if nothing is received; undefined without units. */
  nextDeadlineMs(): number | undefined {
    if (this.#exchange !== undefined) {
      return this.#exchange.deadlineMs;
    }
    let earliestMs: number | undefined;
    for (const link of this.#links.values()) {
      const dueMs = Math.max(this.#dueAtMs(link), this.#quietAtMs);
      earliestMs = Math.min(dueMs, earliestMs ?? dueMs);
    }
    return earliestMs;
  }

  #forgetHeard(): void {
    this.#heard = new Uint8Array(0);
    this.#heardFrom = 0;
  }

  #nextLink(nowMs: number): UnitLink | undefined {
    let next: UnitLink | undefined;
    for (const link of this.#links.values()) {
      if (this.#dueAtMs(link) <= nowMs && (next === undefined || this.#goesBefore(link, next))) {
        next = link;
      }
    }
    return next;
  }

  #goesBefore(link: UnitLink, other: UnitLink): boolean {
    return link.isUrgent === other.isUrgent ? this.#dueAtMs(link) < this.#dueAtMs(other) : link.isUrgent;
  }

  /** Probes give way to whoever is alive: none while somebody is at a door, and a pause after each that was in vain. */
  #dueAtMs(link: UnitLink): number {
    if (link.isOnline) {
      return link.dueAtMs();
    }
    let dueMs = link.dueAtMs();
    for (const other of this.#links.values()) {
      dueMs = other === link ? dueMs : Math.max(dueMs, other.busyUntilMs, this.#lostProbeMs + PROBE_SPACING_MS);
    }
    return dueMs;
  }
}
