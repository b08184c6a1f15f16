import { randomBytes } from 'node:crypto';
import { DomainError, instant, type InstantMs } from '@gatecast/firmware-protocol';
import { timeContext, timePreimage, timeResponse, type ClaimResponse } from '@gatecast/firmware-protocol/messages';
import { publicKeyOf, verifyText } from '@gatecast/firmware-protocol/node';
import { valueKeys } from '../store/snapshot.ts';
import type { Store } from '../store/store.ts';
import { BackOff, Wakeable } from './back-off.ts';
import { toleranceMs, type TerminalClock } from './clock.ts';
import { askCloud, codeOf, jsonOf } from './cloud-http.ts';
import { OutageLog } from './outage-log.ts';
import type { Log } from '../log.ts';

export interface ClockSyncParts {
  readonly cloudUrl: string;
  readonly timeKey: ClaimResponse['timeKey'];
  readonly clock: TerminalClock;
  readonly store: Pick<Store, 'setValue'>;
  readonly log: Log;
}

const resyncEveryMs = 10 * 60_000;
/** How often the clock is looked at, to notice that somebody set it. */
const lookEveryMs = 2_000;
/** How often the high-water mark goes to the disk. */
const keepEveryMs = 60_000;
/** An answer that took longer says too little about now. */
const roundTripMsMax = 4_000;

/** Keeps the terminal's clock true by the cloud's signed time. */
export class ClockSync {
  readonly #parts: ClockSyncParts;
  readonly #wakeable = new Wakeable();
  #stopping = new AbortController();
  #running: Promise<void> = Promise.resolve();
  #keptAt = 0;

  constructor(parts: ClockSyncParts) {
    this.#parts = parts;
  }

  start(): void {
    this.#stopping = new AbortController();
    this.#running = this.#run(this.#stopping.signal);
  }

  async stop(): Promise<void> {
    this.#stopping.abort();
    await this.#running;
  }

  /** The cloud can be reached again. */
  wake(): void {
    this.#wakeable.wake();
  }

  async #run(signal: AbortSignal): Promise<void> {
    const { clock, log } = this.#parts;
    const backOff = new BackOff(clock, { baseMs: 1_000, capMs: 30_000 });
    const outage = new OutageLog(log, 'asking for the time');
    let syncAt = 0;
    while (!signal.aborted) {
      const isDue = clock.mono() >= syncAt || (clock.quality() !== 'synced' && syncAt - clock.mono() > 30_000);
      if (isDue) {
        const error = await this.#sync(signal).catch((reason: unknown) => reason);
        if (error === undefined) {
          backOff.reset();
          outage.recovered();
        } else if (!signal.aborted) outage.failed(error);
        syncAt = clock.mono() + (error === undefined ? resyncEveryMs : backOff.nextMs());
      }
      await this.#keepHighWaterMark();
      await this.#wakeable.wait(lookEveryMs, signal);
    }
  }

  /** A correction beyond the tolerance is believed when a second answer agrees with the first. */
  async #sync(signal: AbortSignal): Promise<void> {
    const { clock } = this.#parts;
    const first = await this.#signedTime(signal);
    clock.compared(first);
    if (Math.abs(first - clock.now()) <= toleranceMs) return clock.adopt(clock.now());
    const before = clock.mono();
    const second = await this.#signedTime(signal);
    const agree = Math.abs(second - first - (clock.mono() - before)) <= toleranceMs;
    if (!agree) throw new DomainError('time-disagrees', 'two answers of the cloud name different times');
    clock.adopt(second);
  }

  async #signedTime(signal: AbortSignal): Promise<InstantMs> {
    const { cloudUrl, timeKey, clock } = this.#parts;
    const nonce = randomBytes(16).toString('base64url');
    const askedAt = clock.mono();
    const response = await askCloud(cloudUrl, { method: 'GET', path: `/v1/time?nonce=${nonce}`, signal });
    const answer = await jsonOf(response, timeResponse);
    const roundTripMs = clock.mono() - askedAt;
    const { kid, value } = answer.signature;
    const isSigned = verifyText(
      publicKeyOf('ed25519', timeKey.publicKey),
      timeContext,
      timePreimage(answer.now, nonce),
      value,
    );
    if (answer.nonce !== nonce || kid !== timeKey.kid || !isSigned) {
      throw new DomainError('time-unsigned', 'the time is not signed by the key that was pinned');
    }
    if (roundTripMs > roundTripMsMax)
      throw new DomainError('time-too-slow', 'the answer took too long to tell the time');
    return instant(Math.round(answer.now + roundTripMs / 2));
  }

  async #keepHighWaterMark(): Promise<void> {
    const { clock, store, log } = this.#parts;
    const { highMs } = clock;
    if (highMs === undefined || Math.abs(highMs - this.#keptAt) < keepEveryMs) return;
    this.#keptAt = highMs;
    await store.setValue(valueKeys.wallHighMs, String(highMs)).catch((error: unknown) => {
      log.error({ code: codeOf(error) }, 'the clock mark could not be kept');
    });
  }
}
