import type { Sequence } from '../frame/frame.ts';

/** How late a copy of a reply is thought possible: serial adapters and network bridges hold bytes back for less. */
export const LATE_COPY_MS = 2_000;
/** Replies that are remembered: more than a device tells in one burst. */
const REPLY_HISTORY_MAX = 32;

interface Remembered {
  readonly raw: Uint8Array;
  readonly atMs: number;
}

/**
 * What one device has said lately, so that a late copy is not taken for news.
 *
 * Without a secure channel nothing ties an answer to its question but a number from 1 to 3, so a copy that is late by three exchanges
 * looks like the answer to the present question. Two things narrow this down: replies that tell something are remembered byte for byte,
 * and it is known which sequence numbers were asked more often than answered, so that another answer may be on its way. What remains: a
 * line that doubles a reply by itself *and* holds the copy back, and a late copy of a *command*, which the device cannot tell from a new one.
 * In a secure channel each answer proves its question.
 */
export class ReplyHistory {
  readonly #told: Remembered[] = [];
  readonly #strayUntilMs: [number, number, number, number] = [0, 0, 0, 0];
  #last: Uint8Array | undefined;

  /** A reply was taken. */
  took(raw: Uint8Array): void {
    this.#last = raw;
  }

  /** It told something that must not be told twice. */
  remember(raw: Uint8Array, nowMs: number): void {
    this.#told.push({ raw, atMs: nowMs });
    if (this.#told.length > REPLY_HISTORY_MAX) {
      this.#told.shift();
    }
  }

  /** The line doubled the reply that was taken last. */
  isLast(raw: Uint8Array): boolean {
    return this.#last !== undefined && areSameBytes(this.#last, raw);
  }

  /** The same bytes have told something lately: a copy of it, or the same thing once more. */
  hasTold(raw: Uint8Array, nowMs: number): boolean {
    return this.#told.some(({ raw: told, atMs }) => nowMs - atMs < LATE_COPY_MS && areSameBytes(told, raw));
  }

  /** The question with this number was asked more often than it was answered. */
  expectStrays(sequence: Sequence, nowMs: number): void {
    this.#strayUntilMs[sequence] = nowMs + LATE_COPY_MS;
  }

  mayAnyStrayCome(nowMs: number): boolean {
    return this.#strayUntilMs.some((untilMs) => nowMs < untilMs);
  }

  mayStrayCome(sequence: Sequence, nowMs: number): boolean {
    return nowMs < this.#strayUntilMs[sequence];
  }
}

function areSameBytes(left: Uint8Array, right: Uint8Array): boolean {
  return left.length === right.length && left.every((byte, at) => byte === right[at]);
}
