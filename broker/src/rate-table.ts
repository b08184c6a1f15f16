import { RateBucket, type RateLimit } from './rate-bucket.ts';

/** A token bucket for each of many names; the name heard of longest ago gives way when there are too many. */
export class RateTable {
  readonly #limit: RateLimit;
  readonly #namesMax: number;
  readonly #buckets = new Map<string, RateBucket>();

  constructor(limit: RateLimit, namesMax: number) {
    this.#limit = limit;
    this.#namesMax = namesMax;
  }

  /** Takes one token of `name`; false if there is none. */
  take(name: string, nowMs: number): boolean {
    return this.#of(name, nowMs).take(1, nowMs);
  }

  /** True while `name` has a token left; takes none. */
  has(name: string, nowMs: number): boolean {
    return this.#buckets.get(name)?.has(1, nowMs) ?? true;
  }

  #of(name: string, nowMs: number): RateBucket {
    const bucket = this.#buckets.get(name) ?? new RateBucket(this.#limit, nowMs);
    this.#buckets.delete(name);
    this.#buckets.set(name, bucket); // a Map keeps the order of insertion, so the first is the one heard of longest ago
    if (this.#buckets.size > this.#namesMax) {
      for (const oldest of this.#buckets.keys()) {
        this.#buckets.delete(oldest);
        break;
      }
    }
    return bucket;
  }
}
