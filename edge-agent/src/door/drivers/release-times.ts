/** An order to release a lock, as long as it must be so that it cuts no earlier one short. */
export interface ReleaseOrder {
  readonly durationMs: number;
  /** The hardware has not taken the order: what was ordered before it stands. */
  revoke(): void;
}

/**
 * Until when each lock was ordered to stay released. Hardware starts its timer anew with each order, so a short pulse in the middle of a hold, or after
 * the long pulse of somebody who walks slowly, would secure the lock early. Monotonic ms.
 */
export class ReleaseTimes {
  readonly #untilMs = new Map<string, number>();

  /** Orders a release for `durationMs` from now, or for as long as an earlier order still lasts. */
  order(entrance: string, durationMs: number, nowMs: number): ReleaseOrder {
    const before = this.#untilMs.get(entrance) ?? Number.NEGATIVE_INFINITY;
    const untilMs = Math.max(nowMs + durationMs, before);
    this.#untilMs.set(entrance, untilMs);
    const revoke = () => {
      if (this.#untilMs.get(entrance) === untilMs) this.#untilMs.set(entrance, before);
    };
    return { durationMs: Math.round(untilMs - nowMs), revoke };
  }

  /** How long the lock has still to stay released; 0 when it need not. */
  remainingMs(entrance: string, nowMs: number): number {
    return Math.max(0, Math.round((this.#untilMs.get(entrance) ?? nowMs) - nowMs));
  }

  /** The lock was secured, or its hardware has lost power and every timer with it. */
  forget(entrance: string): void {
    this.#untilMs.delete(entrance);
  }
}
