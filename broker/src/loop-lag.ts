import { milliseconds, type Clock, type DurationMs } from '@gatecast/firmware-protocol';

const beatMs = milliseconds(100);

/** How late the event loop is: the longest that a beat was late of the last beats. */
export class LoopLag {
  readonly #clock: Clock;
  readonly #onLate: (lateMs: DurationMs) => void;
  #beat: NodeJS.Timeout | undefined;
  #dueMs = 0;
  #lagMs = 0;

  /** `onLate` is told of each beat with how late it was. */
  constructor(clock: Clock, onLate: (lateMs: DurationMs) => void) {
    this.#clock = clock;
    this.#onLate = onLate;
  }

  /** Falls by half with each beat that is in time, so that a stall is remembered for about a second. */
  get lagMs(): DurationMs {
    return milliseconds(this.#lagMs);
  }

  start(): void {
    this.#dueMs = this.#clock.mono() + beatMs;
    this.#beat = setInterval(() => this.#measure(), beatMs);
  }

  stop(): void {
    clearInterval(this.#beat);
  }

  #measure(): void {
    const nowMs = this.#clock.mono();
    const lateMs = Math.max(0, nowMs - this.#dueMs);
    this.#dueMs = nowMs + beatMs;
    this.#lagMs = Math.max(lateMs, this.#lagMs / 2);
    this.#onLate(milliseconds(lateMs));
  }
}
