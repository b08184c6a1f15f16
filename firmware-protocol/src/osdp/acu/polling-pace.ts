import {
  DOOR_BUSY_MS,
  IDLE_POLL_MS,
  MISSES_BEFORE_PROBE_WINDOW,
  OFFLINE_AFTER_MS,
  PROBE_INTERVAL_MS,
  PROBE_WINDOW_MS,
  REPEAT_MS_MIN,
  REPLY_WINDOW_MS,
  SILENT_REPEAT_MS,
  wireTimeMs,
} from '../frame/bus-timing.ts';
import type { Question } from './question.ts';

/** When one device is asked next and how long its answer is waited for. Monotonic milliseconds. */
export class PollingPace {
  readonly #baud: () => number;
  #misses = 0;
  #answersLate = false;
  #lastReplyMs = Number.NEGATIVE_INFINITY;
  #nextPollMs = Number.NEGATIVE_INFINITY;
  #lastPollMs = Number.NEGATIVE_INFINITY;
  #doorBusyUntilMs = Number.NEGATIVE_INFINITY;

  constructor(baud: () => number) {
    this.#baud = baud;
  }

  get nextPollMs(): number {
    return this.#nextPollMs;
  }

  /** Of the last valid answer; `undefined` before the first. */
  get answeredMs(): number | undefined {
    return Number.isFinite(this.#lastReplyMs) ? this.#lastReplyMs : undefined;
  }

  /** Monotonic time of the last key or card plus {@link DOOR_BUSY_MS}. */
  get doorBusyUntilMs(): number {
    return this.#doorBusyUntilMs;
  }

  /** It has just fallen silent: it gets shorter windows and does not hold up the others. */
  get isSilent(): boolean {
    return this.#misses >= MISSES_BEFORE_PROBE_WINDOW;
  }

  /** Window for an answer, counted from the end of the question on the wire. */
  replyWindowMs(isOffline: boolean): number {
    return (isOffline || this.isSilent) && !this.#answersLate ? PROBE_WINDOW_MS : REPLY_WINDOW_MS;
  }

  /** Silence of 8 s (spec 5.7). */
  isOfflineAt(nowMs: number): boolean {
    return nowMs - this.#lastReplyMs >= OFFLINE_AFTER_MS;
  }

  /** A stream of commands must not keep the keys from being heard. */
  isPollOverdueAt(nowMs: number): boolean {
    return nowMs - this.#lastPollMs >= IDLE_POLL_MS;
  }

  noteAnswer(nowMs: number, isLate: boolean): void {
    this.#misses = 0;
    this.#answersLate = isLate;
    this.#lastReplyMs = nowMs;
  }

  /** A window has closed without an answer. Returns when the same bytes go out again: soon while somebody waits at this door. */
  noteMiss(nowMs: number, isOffline: boolean): number {
    const windowMs = this.replyWindowMs(isOffline);
    this.#misses += 1;
    if (isOffline) {
      return nowMs + PROBE_INTERVAL_MS;
    }
    if (!this.isSilent) {
      return nowMs;
    }
    return nowMs + (nowMs < this.#doorBusyUntilMs ? Math.max(0, REPEAT_MS_MIN - windowMs) : SILENT_REPEAT_MS);
  }

  notePoll(nowMs: number): void {
    this.#lastPollMs = nowMs;
  }

  /** Somebody typed or held a card. */
  noteSomebody(nowMs: number): void {
    this.#doorBusyUntilMs = nowMs + DOOR_BUSY_MS;
  }

  pollAt(dueMs: number): void {
    this.#nextPollMs = dueMs;
  }

  /** After an answer: at once while somebody is at the door or something waits, else at rest. */
  pollAfter({ bytes, sentMs }: Question, replyBytes: number, nowMs: number, hasMore: boolean): void {
    // On a network link the wire's own pace is kept too: polling a socket as fast as a processor can helps nobody.
    const wireMs = wireTimeMs(bytes.length + replyBytes, this.#baud());
    const isFast = hasMore || nowMs < this.#doorBusyUntilMs;
    this.#nextPollMs = sentMs + (isFast ? wireMs : Math.max(wireMs, IDLE_POLL_MS));
  }
}
