import { setTimeout as sleep } from 'node:timers/promises';
import type { Clock } from '@gatecast/firmware-protocol';

/** The longest wait is this share of the outage so far: whoever comes back is found soon, and a long outage is not hammered at. */
const shareOfOutage = 1 / 8;

export interface BackOffLimits {
  readonly baseMs: number;
  readonly capMs: number;
}

/**
 * To the broker. When it restarts, it loses every terminal at the same moment: the first wait alone spreads them over five seconds, which is one
 * or two thousand connections a second for five thousand terminals, and about what a broker takes.
 */
export const brokerBackOff: BackOffLimits = { baseMs: 5_000, capMs: 300_000 };
/** To the cloud, over HTTP. */
export const cloudBackOff: BackOffLimits = { baseMs: 2_000, capMs: 300_000 };

/**
 * Full-jitter back-off: a random wait below a ceiling that grows with the outage, between `baseMs` and `capMs`.
 * A fleet that lost its cloud together does not come back together.
 */
export class BackOff {
  readonly #limits: BackOffLimits;
  readonly #clock: Pick<Clock, 'mono'>;
  #failingSince: number | undefined;

  constructor(clock: Pick<Clock, 'mono'>, limits: BackOffLimits) {
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
