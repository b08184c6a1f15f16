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
  #onRefreshed: () => void = () => undefined;

  constructor(options: TrustOptions) {
    const { cloudUrl, dataDir, clock, limits } = options;
    this.#options = options;
    this.clock = clock;
    this.keys = new TrustedKeys(cloudUrl, dataDir, clock, limits);
    this.revocations = new Revocations(cloudUrl, dataDir, this.keys, clock, limits);
  }

  /** Whether a token can be judged: by a key, and by a list of those that are void. */
  get ready(): boolean {
    return this.keys.known && this.revocations.known;
  }

  /** Reads what the last run kept, then polls. A kept file that is damaged is as good as none: it is fetched anew before anybody is let in. */
  async start(onRefreshed: () => void): Promise<void> {
    this.#onRefreshed = onRefreshed;
    for (const kept of [this.keys, this.revocations]) {
      await kept.load().catch((error: unknown) => {
        this.#options.log.error(
          { code: 'kept-file-damaged', err: error },
          'a kept file is of no use; fetching it anew',
        );
      });
    }
    this.#poll = setInterval(() => void this.refresh(), this.#options.limits.revocationPollMs);
    void this.refresh();
  }

  async stop(): Promise<void> {
    clearInterval(this.#poll);
    await this.#refreshing;
  }

  /** Fetches both; never rejects. One refresh at a time: a slow cloud is asked again only after it has answered or timed out. */
  refresh(): Promise<void> {
    this.#refreshing ??= this.#refresh().finally(() => (this.#refreshing = undefined));
    return this.#refreshing;
  }

  /** Both at the same time: the list must not come late because the keys do. */
  async #refresh(): Promise<void> {
    const [keys, list] = await Promise.allSettled([this.keys.refreshIfStale(), this.revocations.refresh()]);
    if (list.status === 'fulfilled') this.#onRefreshed();
    const failed = [keys, list].find((outcome) => outcome.status === 'rejected');
    this.#tell(failed?.reason);
    this.#options.metrics.trustRefreshed(failed ? 'failed' : 'ok');
  }

  /** A fault is told once until it changes. */
  #tell(error: unknown): void {
    const { log } = this.#options;
    if (error === undefined) {
      if (this.#fault !== undefined) log.info({ code: 'trust-fresh' }, 'keys and revocations are fresh again');
      this.#fault = undefined;
      return;
    }
    const code = error instanceof Error && 'code' in error ? String(error.code) : 'trust-refresh-failed';
    if (code !== this.#fault) log.warn({ code, err: error }, 'keys or revocations could not be fetched');
    this.#fault = code;
  }
}
