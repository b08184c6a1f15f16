/** How late a copy of a reply is thought possible: serial adapters and network bridges hold bytes back for less. */
export const LATE_COPY_MS = 600;
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
 * looks like the answer to the present question. Reports are therefore remembered byte for byte, and one that comes again is asked for once
 * more. What plain OSDP cannot tell: an acknowledgement from the late copy of another, and, for the device, a late copy of a *command*
 * from a new one. In a secure channel each frame proves its place.
 */
export class ReplyHistory {
  readonly #told: Remembered[] = [];
  #last: Uint8Array | undefined;
  #straysUntilMs = Number.NEGATIVE_INFINITY;

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

  /** A question was asked more often than it was answered: an answer may still be on its way. */
  expectStrays(nowMs: number): void {
    this.#straysUntilMs = nowMs + LATE_COPY_MS;
  }

  mayStrayCome(nowMs: number): boolean {
    return nowMs < this.#straysUntilMs;
  }
}

export function areSameBytes(left: Uint8Array, right: Uint8Array): boolean {
  return left.length === right.length && left.every((byte, at) => byte === right[at]);
}
