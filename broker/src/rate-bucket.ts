/** Sustained rate and the burst above it. */
export interface RateLimit {
  readonly perSecond: number;
  readonly burst: number;
}

/** Token bucket; `nowMs` is any monotonic millisecond count. */
export class RateBucket {
  #limit: RateLimit;
  #tokens: number;
  #filledAtMs: number;

  constructor(limit: RateLimit, nowMs: number) {
    this.#limit = limit;
    this.#tokens = limit.burst;
    this.#filledAtMs = nowMs;
  }

  /** Starts over with another limit. */
  reset(limit: RateLimit): void {
    this.#limit = limit;
    this.#tokens = limit.burst;
  }

  /** Takes `count` tokens, or none and answers false. */
  take(count: number, nowMs: number): boolean {
    if (!this.has(count, nowMs)) return false;
    this.#tokens -= count;
    return true;
  }

  /** True if `count` tokens are there to be taken. */
  has(count: number, nowMs: number): boolean {
    const earned = ((nowMs - this.#filledAtMs) * this.#limit.perSecond) / 1_000;
    this.#tokens = Math.min(this.#limit.burst, this.#tokens + earned);
    this.#filledAtMs = nowMs;
    return this.#tokens >= count;
  }
}
