import type { Clock } from '@gatecast/firmware-protocol';
import type { ClaimResponse } from '@gatecast/firmware-protocol/messages';
import type { Log } from '../log.ts';
import type { TerminalKeys } from '../store/identity.ts';
import type { Store } from '../store/store.ts';
import { BackOff, Wakeable } from './back-off.ts';
import { codeOf } from './cloud-http.ts';
import { claimTerminal } from './sign-in.ts';

export interface EnrolmentParts {
  readonly cloudUrl: string;
  readonly claimCode?: string | undefined;
  readonly keys: TerminalKeys;
  readonly store: Pick<Store, 'saveClaim'>;
  readonly clock: Clock;
  readonly log: Log;
  readonly agentVersion: string;
}

/** Gives a fresh terminal its name, trying until the cloud answers. */
export class Enrolment {
  readonly #parts: EnrolmentParts;
  readonly #stopping = new AbortController();
  #running: Promise<void> = Promise.resolve();

  constructor(parts: EnrolmentParts) {
    this.#parts = parts;
  }

  /** Resolves after the first try, successful or not; further tries go on behind it. `onClaimed` runs once. */
  async start(onClaimed: (claim: ClaimResponse) => Promise<void>): Promise<void> {
    const { claimCode, log } = this.#parts;
    if (claimCode === undefined) {
      log.warn({}, 'this terminal is not claimed: it needs GATECAST_CLAIM_CODE');
      return;
    }
    const first = this.#try(claimCode, onClaimed);
    this.#running = first.then(() => undefined);
    if (!(await first)) this.#running = this.#retry(claimCode, onClaimed);
  }

  /** Resolves when a claim that is under way has been kept: its code works only once. */
  async stop(): Promise<void> {
    this.#stopping.abort();
    await this.#running;
  }

  async #retry(code: string, onClaimed: (claim: ClaimResponse) => Promise<void>): Promise<void> {
    const { signal } = this.#stopping;
    const backOff = new BackOff(this.#parts.clock, { baseMs: 1_000, capMs: 30_000 });
    const pause = new Wakeable();
    do await pause.wait(backOff.nextMs(), signal);
    while (!signal.aborted && !(await this.#try(code, onClaimed)));
  }

  async #try(code: string, onClaimed: (claim: ClaimResponse) => Promise<void>): Promise<boolean> {
    const { cloudUrl, keys, store, log, agentVersion } = this.#parts;
    try {
      const claim = await claimTerminal(cloudUrl, keys, code, agentVersion);
      await store.saveClaim(claim);
      log.info({ terminal: claim.terminal }, 'this terminal was claimed');
      await onClaimed(claim);
      return true;
    } catch (error) {
      const reason = codeOf(error);
      log.error({ code: reason, ...(reason === 'internal' && { err: error }) }, 'this terminal could not be claimed');
      return false;
    }
  }
}
