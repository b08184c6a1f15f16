import { days, hours, type Clock, type InstantMs } from '@gatecast/firmware-protocol';
import {
  keyRotationContext,
  keyRotationPreimage,
  type ClaimResponse,
  type ClockQuality,
} from '@gatecast/firmware-protocol/messages';
import { privateKeyOf, signText, type RawKeyPair } from '@gatecast/firmware-protocol/node';
import type { Log } from '../log.ts';
import type { KeyRing } from '../store/identity.ts';
import { codeOf } from './cloud-http.ts';
import type { TerminalApi } from './terminal-api.ts';

/** Keys are replaced when they are so old. */
const keyLifeMs = days(365);
const lookEveryMs = hours(6);

export interface KeyRenewalParts {
  readonly keys: KeyRing;
  readonly claim: Pick<ClaimResponse, 'terminal' | 'epoch'>;
  readonly clock: Clock & { quality(): ClockQuality };
  readonly api: Pick<TerminalApi, 'replaceKeys'>;
  readonly log: Log;
}

/**
 * Replaces this terminal's keys once a year, or when its property wants it. The next keys are on the disk before the cloud hears of them, and present
 * after it has taken them; the cloud takes the old ones for another day, and the same next ones as often as they are told. So a crash at any moment
 * leaves a terminal that can sign in and open what is sealed to it.
 */
export class KeyRenewal {
  readonly #parts: KeyRenewalParts;
  readonly #stopping = new AbortController();
  #timer: NodeJS.Timeout | undefined;
  #running: Promise<void> | undefined;

  constructor(parts: KeyRenewalParts) {
    this.#parts = parts;
  }

  start(): void {
    this.#timer = setInterval(() => this.#look(), lookEveryMs);
    this.#timer.unref();
    this.#look();
  }

  async stop(): Promise<void> {
    clearInterval(this.#timer);
    this.#stopping.abort();
    await this.#running;
  }

  /** Makes new keys now, or settles those that were made; one at a time. A failure is logged and tried again at the next sign-in. */
  renew(): void {
    if (this.#stopping.signal.aborted) return;
    this.#running ??= this.#renew()
      .catch((error: unknown) => this.#parts.log.error({ code: codeOf(error) }, 'the keys could not be replaced yet'))
      .finally(() => (this.#running = undefined));
  }

  #look(): void {
    const { keys, clock } = this.#parts;
    if (keys.next) return this.renew();
    if (clock.quality() !== 'synced') return;
    if (keys.since === undefined) keys.dateFrom(clock.now());
    else if (isOld(keys.since as InstantMs, clock.now())) this.renew();
  }

  async #renew(): Promise<void> {
    const { keys, claim, clock, api, log } = this.#parts;
    const next = keys.begin();
    const { identity } = keys;
    const asked = {
      from: identity.publicKey,
      identityKey: next.identity.publicKey,
      sealingKey: next.sealing.publicKey,
    };
    const text = keyRotationPreimage(claim.terminal, claim.epoch, asked);
    const signedBy = (pair: RawKeyPair) => signText(privateKeyOf('ed25519', pair.privateKey), keyRotationContext, text);
    await api.replaceKeys(
      { ...asked, signedByOld: signedBy(identity), signedByNew: signedBy(next.identity) },
      this.#stopping.signal,
    );
    keys.promote(clock.now());
    log.info({ terminal: claim.terminal }, 'this terminal has new keys');
  }
}

const isOld = (since: InstantMs, now: InstantMs): boolean => now - since >= keyLifeMs;
