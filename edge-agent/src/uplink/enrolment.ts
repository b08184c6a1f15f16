import { DomainError, type Clock } from '@gatecast/firmware-protocol';
import {
  suitorKeys,
  type ClaimResponse,
  type ScreenEnrolment,
  type Suitor,
} from '@gatecast/firmware-protocol/messages';
import { pairingDigits } from '@gatecast/firmware-protocol/node';
import type { Log } from '../log.ts';
import type { KeyRing } from '../store/identity.ts';
import { valueKeys } from '../store/snapshot.ts';
import type { Store } from '../store/store.ts';
import { qrSvg } from '../player/qr-code.ts';
import { BackOff, Wakeable } from './back-off.ts';
import { codeOf } from './cloud-http.ts';
import { Offer } from './offer.ts';
import { claimTerminal } from './sign-in.ts';

export interface EnrolmentParts {
  readonly cloudUrl: string;
  /** For scripts; without one, or when it is refused, the screen shows a code. */
  readonly claimCode?: string | undefined;
  readonly keys: KeyRing;
  readonly store: Pick<Store, 'saveClaim' | 'setValue' | 'snapshot'>;
  readonly clock: Clock;
  readonly log: Log;
  readonly agentVersion: string;
  readonly model: string;
}

type OnClaimed = (claim: ClaimResponse) => Promise<void>;
type SuitorKeys = Pick<Suitor, 'doorAuthority' | 'timeKey'>;

/** Somebody stands before the screen and waits. */
const askEveryMs = 2_000;
/** How far the cloud may be behind before the screen says that there is no way to it. */
const backOffLimits = { baseMs: 1_000, capMs: 15_000 };
/** Refusals of a claim code that asking again does not cure. */
const spentCodes: ReadonlySet<string> = new Set(['unknown-claim-code', 'claim-expired', 'invalid-request']);

/**
 * Gives a fresh terminal its name. With a claim code it hands that in; otherwise it offers itself, shows the code that it is given, then the digits that
 * must be the same in the console, and pins nothing but the keys whose digits it showed.
 */
export class Enrolment {
  readonly #parts: EnrolmentParts;
  readonly #stopping = new AbortController();
  #offer: Offer;
  #claimCode: string | undefined;
  #view: ScreenEnrolment | null = null;
  #digits: string | null = null;
  #running: Promise<unknown> = Promise.resolve();

  constructor(parts: EnrolmentParts) {
    this.#parts = parts;
    this.#claimCode = parts.claimCode;
    this.#offer = this.#newOffer();
  }

  /** What the screen shows of it; null once the terminal has a name. */
  get view(): ScreenEnrolment | null {
    return this.#view;
  }

  /** Resolves after the first try with a claim code, successful or not; everything else goes on behind it. `onClaimed` runs once. */
  async start(onClaimed: OnClaimed): Promise<void> {
    this.#view = { state: 'connecting' };
    const first = this.#claimCode === undefined ? undefined : this.#try(onClaimed);
    this.#running = (first ?? Promise.resolve(false)).then((isDone) => (isDone ? undefined : this.#loop(onClaimed)));
    await first;
  }

  /** Resolves when a claim that is under way has been kept. */
  async stop(): Promise<void> {
    this.#stopping.abort();
    await this.#running;
  }

  async #loop(onClaimed: OnClaimed): Promise<void> {
    const { signal } = this.#stopping;
    const backOff = new BackOff(this.#parts.clock, backOffLimits);
    const pause = new Wakeable();
    while (!signal.aborted && !(await this.#try(onClaimed))) {
      const isLost = this.#view?.state === 'no-network';
      if (!isLost) backOff.reset();
      await pause.wait(isLost ? backOff.nextMs() : askEveryMs, signal);
    }
  }

  /** True once the terminal has a name. */
  async #try(onClaimed: OnClaimed): Promise<boolean> {
    try {
      const claim = this.#claimCode === undefined ? await this.#askOffer() : await this.#handIn(this.#claimCode);
      if (!claim) return false;
      await this.#parts.store.saveClaim(claim);
      this.#view = null;
      this.#parts.log.info({ terminal: claim.terminal }, 'this terminal was claimed');
      await onClaimed(claim);
      return true;
    } catch (error) {
      this.#failed(error);
      return false;
    }
  }

  async #handIn(code: string): Promise<ClaimResponse> {
    const { cloudUrl, keys, agentVersion } = this.#parts;
    return claimTerminal(cloudUrl, keys, code, agentVersion);
  }

  async #askOffer(): Promise<ClaimResponse | undefined> {
    const answer = await this.#offer.ask(this.#digits);
    switch (answer.state) {
      case 'waiting':
        this.#digits = null;
        this.#view = { state: 'waiting', code: answer.code, qr: qrSvg(answer.url) };
        return undefined;
      case 'seen':
        await this.#show(answer.suitor);
        return undefined;
      case 'claimed':
        return this.#acceptable(answer.claim);
    }
  }

  /** Kept before it is shown: after a crash this terminal still knows whom it may belong to. */
  async #show(suitor: Suitor): Promise<void> {
    const { keys, store } = this.#parts;
    const { doorAuthority, timeKey } = suitor;
    const text = JSON.stringify({ doorAuthority, timeKey });
    if (store.snapshot.values.get(valueKeys.shownSuitor) !== text) await store.setValue(valueKeys.shownSuitor, text);
    const ends = { identityKey: keys.identity.publicKey, sealingKey: keys.sealing.publicKey };
    this.#digits = pairingDigits(ends, suitor);
    this.#view = { state: 'compare', company: suitor.company, digits: this.#digits };
  }

  /** The claim, if its keys are the ones whose digits stood on the screen, or if a claim code was given to this machine. */
  #acceptable(claim: ClaimResponse): ClaimResponse | undefined {
    const shown = this.#shown();
    if (shown && isSame(shown, claim)) return claim;
    if (shown) throw new DomainError('claim-keys-differ', 'the claim names other keys than the screen showed');
    if (this.#parts.claimCode !== undefined) return claim;
    // The cloud knows these keys and this disk does not know the cloud: its data is gone, and with it what was pinned.
    this.#parts.log.error({ code: 'claim-forgotten' }, 'this machine has lost its claim: it starts over with new keys');
    this.#parts.keys.startOver();
    this.#offer = this.#newOffer();
    return undefined;
  }

  #shown(): SuitorKeys | undefined {
    const text = this.#parts.store.snapshot.values.get(valueKeys.shownSuitor);
    return text === undefined ? undefined : suitorKeys.parse(JSON.parse(text));
  }

  #newOffer(): Offer {
    return new Offer({ ...this.#parts, signal: this.#stopping.signal });
  }

  #failed(error: unknown): void {
    if (this.#stopping.signal.aborted) return;
    const { log } = this.#parts;
    const code = codeOf(error);
    if (this.#claimCode !== undefined && spentCodes.has(code)) {
      log.error({ code }, 'GATECAST_CLAIM_CODE is refused: this terminal shows a code instead');
      this.#claimCode = undefined;
      return;
    }
    if (this.#view?.state !== 'no-network') {
      log.error({ code, ...(code === 'internal' && { err: error }) }, 'this terminal could not be claimed');
    }
    this.#view = { state: 'no-network', reason: code };
  }
}

const isSame = (shown: SuitorKeys, { doorAuthority, timeKey }: ClaimResponse): boolean =>
  shown.doorAuthority.kid === doorAuthority.kid &&
  shown.doorAuthority.publicKey === doorAuthority.publicKey &&
  shown.timeKey.kid === timeKey.kid &&
  shown.timeKey.publicKey === timeKey.publicKey;
