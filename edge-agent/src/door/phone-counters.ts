import { phoneStep } from '@gatecast/firmware-protocol/pass';
import type { Log } from '../log.ts';
import type { Store } from '../store/store.ts';

/** As many as a list can hold. */
const phonesMax = 50_000;
/** A phone whose clock is a half minute ahead may have shown the next step before the program started. */
const stepsUncertain = 2;

export interface PhoneCountersParts {
  readonly store: Pick<Store, 'snapshot' | 'savePhoneCounter'>;
  readonly log: Pick<Log, 'error'>;
}

/**
 * The counter of the last code that this terminal took of each phone. It is kept after the door has opened, so a run that was cut off may have taken codes
 * that nobody remembers: the next run takes none that could be among them.
 */
export class PhoneCounters {
  readonly #parts: PhoneCountersParts;
  readonly #taken = new Map<string, number>();
  #startedMono = 0;

  constructor(parts: PhoneCountersParts) {
    this.#parts = parts;
  }

  /** Takes up what was kept. Monotonic ms. */
  start(mono: number): void {
    this.#startedMono = mono;
    for (const [phone, counter] of this.#parts.store.snapshot.phoneCounters) this.#set(phone, counter);
  }

  counterOf(phone: string): number | undefined {
    return this.#taken.get(phone);
  }

  /** The first half minute whose codes cannot have been taken by a run that was cut off. `now` in UTC ms, trusted. */
  stepMin(now: number, mono: number): number {
    if (!this.#parts.store.snapshot.unclean) return 0;
    return phoneStep(now - (mono - this.#startedMono)) + stepsUncertain;
  }

  /** From now on this code opens nothing any more. Returns the way to take that back, for one that has opened nothing. */
  take(phone: string, counter: number): () => void {
    const before = this.#taken.get(phone) ?? -1;
    this.#set(phone, counter);
    return () => {
      if (this.#taken.get(phone) === counter) this.#set(phone, before);
    };
  }

  /** After the door has opened. */
  keep(phone: string, counter: number): void {
    this.#parts.store.savePhoneCounter({ phone, counter }).catch((error: unknown) => {
      this.#parts.log.error({ err: error }, 'the counter of a phone could not be kept');
    });
  }

  #set(phone: string, counter: number): void {
    this.#taken.delete(phone);
    this.#taken.set(phone, counter);
    for (const oldest of this.#taken.keys()) {
      if (this.#taken.size <= phonesMax) break;
      this.#taken.delete(oldest);
    }
  }
}
