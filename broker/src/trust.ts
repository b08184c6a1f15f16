import type { Clock } from '@gatecast/firmware-protocol';
import type { Logger } from 'pino';
import type { Limits } from './limits.ts';
import type { Metrics } from './metrics.ts';
import { Revocations } from './revocations.ts';
import { TrustedKeys } from './trusted-keys.ts';

export interface TrustOptions {
  readonly cloudUrl: string;
  readonly dataDir: string;
  readonly clock: Clock;
  readonly limits: Limits;
  readonly log: Logger;
  readonly metrics: Metrics;
}

/** The cloud's keys and revocations, kept fresh by asking; what was fetched last holds while the cloud is away. */
export class Trust {
  readonly keys: TrustedKeys;
  readonly revocations: Revocations;
  readonly clock: Clock;
  readonly #options: TrustOptions;
  #poll: NodeJS.Timeout | undefined;
  #refreshing: Promise<void> | undefined;
  #fault: string | undefined;

  constructor(options: TrustOptions) {
    const { cloudUrl, dataDir, clock, limits } = options;
    this.#options = options;
    this.clock = clock;
    this.keys = new TrustedKeys(cloudUrl, dataDir, clock, limits);
    this.revocations = new Revocations(cloudUrl, dataDir, this.keys, clock, limits);
  }

  /** Reads what the last run kept, then polls. Rejects if a kept file is damaged. */
  async start(onRefreshed: () => void): Promise<void> {
    await this.keys.load();
    await this.revocations.load();
    this.#poll = setInterval(() => this.#refreshOnce(onRefreshed), this.#options.limits.revocationPollMs);
    this.#refreshOnce(onRefreshed);
  }

  async stop(): Promise<void> {
    clearInterval(this.#poll);
    await this.#refreshing;
  }

  /** One refresh at a time: a slow cloud is asked again only after it has answered or timed out. */
  #refreshOnce(onRefreshed: () => void): void {
    this.#refreshing ??= this.#refresh(onRefreshed).finally(() => (this.#refreshing = undefined));
  }

  /** Keys first, as the list is signed by one of them; a fault is told once until it changes. */
  async #refresh(onRefreshed: () => void): Promise<void> {
    const { log, metrics } = this.#options;
    try {
      await this.keys.refreshIfStale();
      await this.revocations.refresh();
      if (this.#fault !== undefined) log.info({ code: 'trust-fresh' }, 'keys and revocations are fresh again');
      this.#fault = undefined;
      metrics.trustRefreshed('ok');
      onRefreshed();
    } catch (error) {
      const code = error instanceof Error && 'code' in error ? String(error.code) : 'trust-refresh-failed';
      if (code !== this.#fault) log.warn({ code, err: error }, 'keys or revocations could not be fetched');
      this.#fault = code;
      metrics.trustRefreshed('failed');
    }
  }
}
