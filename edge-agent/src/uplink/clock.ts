import {
  elapsed,
  hours,
  instant,
  milliseconds,
  type Clock,
  type DurationMs,
  type InstantMs,
} from '@gatecast/firmware-protocol';
import type { ClockQuality } from '@gatecast/firmware-protocol/messages';

/** Clocks this close are the same: network delay, and what NTP slews. */
export const toleranceMs = 2_000;
/** A crystal drifts less than the tolerance in a day. */
const syncedForMs = hours(24);

interface Sync {
  readonly mono: DurationMs;
  /** Wall minus monotonic reading of the machine's clock: changes only when somebody sets it. */
  readonly base: number;
}

/**
 * The terminal's time, and how far it can be trusted. The machine's own clock, corrected by the cloud's signed time;
 * the latest trusted time is a high-water mark that outlives restarts, so that a clock set back is noticed.
 */
export class TerminalClock implements Clock {
  readonly #machine: Clock;
  #correctionMs = 0;
  #sync: Sync | undefined;
  #highMs: InstantMs | undefined;
  #offsetMs: number | null = null;

  constructor(machine: Clock) {
    this.#machine = machine;
  }

  now(): InstantMs {
    if (this.#wasSet()) this.#forgetSync();
    return instant(this.#machine.now() + this.#correctionMs);
  }

  mono(): DurationMs {
    return this.#machine.mono();
  }

  quality(): ClockQuality {
    const now = this.now();
    if (this.#highMs !== undefined && now < this.#highMs - toleranceMs) return 'turned-back';
    if (this.#highMs === undefined) return 'unknown';
    this.#highMs = instant(Math.max(this.#highMs, now));
    return this.#sync && elapsed(instant(this.#sync.mono), instant(this.mono())) < syncedForMs ? 'synced' : 'holdover';
  }

  /** The latest moment that was trusted; to be kept over restarts. */
  get highMs(): InstantMs | undefined {
    return this.#highMs;
  }

  /** The machine's clock less the cloud's when they were last compared, ms; null if nobody knows. */
  get offsetMs(): number | null {
    return this.#wasSet() ? null : this.#offsetMs;
  }

  /** The cloud has said what time it is. */
  compared(trusted: InstantMs): void {
    this.#offsetMs = Math.round(this.#machine.now() - trusted);
  }

  restore(highMs: InstantMs): void {
    this.#highMs = highMs;
  }

  /** Takes the verified time of now. The high-water mark follows it, backwards too: a signed source outranks our own past. */
  adopt(trusted: InstantMs): void {
    const wrongByMs = trusted - this.#machine.now();
    this.#correctionMs = Math.abs(wrongByMs) > toleranceMs ? milliseconds(wrongByMs) : 0;
    this.#sync = { mono: this.mono(), base: this.#base() };
    this.#highMs = this.now();
  }

  #base(): number {
    return this.#machine.now() - this.#machine.mono();
  }

  #wasSet(): boolean {
    return this.#sync !== undefined && Math.abs(this.#base() - this.#sync.base) > toleranceMs;
  }

  #forgetSync(): void {
    this.#sync = undefined;
    this.#correctionMs = 0;
  }
}
