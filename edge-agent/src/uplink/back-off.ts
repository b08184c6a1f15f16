import { setTimeout as sleep } from 'node:timers/promises';
import type { Clock } from '@gatecast/firmware-protocol';

/** The longest wait is this share of the outage so far: whoever comes back is found soon, and a long outage is not hammered at. */
const shareOfOutage = 1 / 8;

/**
 * Full-jitter back-off: a random wait below a ceiling that grows with the outage, between `baseMs` and `capMs`.
 * A fleet that lost its cloud together does not come back together.
 */
export class BackOff {
  readonly #limits: { readonly baseMs: number; readonly capMs: number };
  readonly #clock: Pick<Clock, 'mono'>;
  #failingSince: number | undefined;

  constructor(clock: Pick<Clock, 'mono'>, limits: { readonly baseMs: number; readonly capMs: number }) {
    this.#clock = clock;
    this.#limits = limits;
  }

  /** How long to wait after one more failure. */
  nextMs(random: () => number = Math.random): number {
    const { baseMs, capMs } = this.#limits;
    const mono = this.#clock.mono();
    this.#failingSince ??= mono;
    const ceiling = Math.min(capMs, Math.max(baseMs, (mono - this.#failingSince) * shareOfOutage));
    return Math.ceil(ceiling * random());
  }

  reset(): void {
    this.#failingSince = undefined;
  }
}

/** A wait that others can cut short: `wake()` ends the current one, or the next if there is none now. */
export class Wakeable {
  #controller = new AbortController();

  wake(): void {
    this.#controller.abort();
  }

  /** Resolves after `ms` or when woken; `signal` ends it too. */
  async wait(ms: number, signal: AbortSignal): Promise<void> {
    const woken = AbortSignal.any([this.#controller.signal, signal]);
    await sleep(ms, undefined, { signal: woken, ref: false }).catch((error: unknown) => {
      if (!woken.aborted) throw error;
    });
    this.#controller = new AbortController();
  }
}
