import type { PairingFailure } from './panel-events.ts';

/** A device that is not ready to be paired is asked again so often: somebody may be pressing its button at this moment. */
const PAIRING_RETRY_MS = 1_000;

export interface PairingOptions {
  /** Also for an address whose device cannot prove its key: somebody has put another in its place. */
  readonly replaces?: boolean;
}

/** The time in which a device may be given its first key. Monotonic milliseconds. */
export class PairingWindow {
  readonly replaces: boolean;
  readonly #untilMs: number;
  #nextTryMs = Number.NEGATIVE_INFINITY;
  #lastFailure: PairingFailure | undefined;

  constructor(untilMs: number, replaces: boolean) {
    this.replaces = replaces;
    this.#untilMs = untilMs;
  }

  isOverAt(nowMs: number): boolean {
    return nowMs >= this.#untilMs;
  }

  isDueAt(nowMs: number): boolean {
    return nowMs >= this.#nextTryMs && !this.isOverAt(nowMs);
  }

  noteTry(nowMs: number): void {
    this.#nextTryMs = nowMs + PAIRING_RETRY_MS;
  }

  /** The same failure once a second is told once. */
  isNews(failure: PairingFailure): boolean {
    const isNews = failure !== this.#lastFailure;
    this.#lastFailure = failure;
    return isNews;
  }
}
