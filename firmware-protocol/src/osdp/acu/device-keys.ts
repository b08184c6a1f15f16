import type { KeyStore, StoredKey } from '../secure/key-store.ts';
import { isSameSecret } from '../secure/constant-time.ts';

/** `current` is the device's own, `next` was sent or is to be sent by KEYSET and is not proven, `default` is SCBK-D. */
export type KeyRole = 'current' | 'next' | 'default';

export interface KeyCandidate {
  readonly key: Uint8Array;
  readonly role: KeyRole;
}

/** A write to the key store on its way; the panel looks at it when it has the bus anyway. */
export interface KeyWrite {
  state: 'pending' | 'done' | 'failed';
  /** Why it failed. */
  error: unknown;
}

/** The stored keys of one device. */
export class DeviceKeys {
  readonly #store: KeyStore;
  readonly #onSettled: () => void;
  #lastProven: Uint8Array | undefined;
  /** The last key that was ever proven, whatever the device may have been told since. */
  #shown: Uint8Array | undefined;

  constructor(store: KeyStore, onSettled: () => void) {
    this.#store = store;
    this.#onSettled = onSettled;
  }

  /** The device has had a channel with a key of its own, also one that the store could not yet take as such. */
  hasOwn(address: number): boolean {
    const { current, next } = this.#store.get(address) ?? {};
    const isShown = next !== undefined && this.#shown !== undefined && isSameSecret(next, this.#shown);
    return current !== undefined || isShown;
  }

  /** Keys that the device may hold: after a rotation that was cut off the new one, then the old one; the one proven last goes first. */
  candidates(address: number): KeyCandidate[] {
    const { next, current } = this.#store.get(address) ?? {};
    const own: KeyCandidate[] = [];
    if (next !== undefined) {
      own.push({ key: next, role: 'next' });
    }
    if (current !== undefined) {
      own.push({ key: current, role: 'current' });
    }
    return own.toSorted((a, b) => Number(this.#wasProvenLast(b)) - Number(this.#wasProvenLast(a)));
  }

  noteProven(key: Uint8Array | undefined): void {
    this.#lastProven = key;
    this.#shown = key ?? this.#shown;
  }

  /** First phase of a change: the key is safe before the device hears of it, and so is the one that it is `proven` to hold, if any. */
  storeNext(address: number, next: Uint8Array, proven: Uint8Array | undefined): KeyWrite {
    const { current, ...record } = this.#record(address);
    return this.#write(address, { ...record, current: proven ?? current, next });
  }

  /** Second phase: the device has proven `key`. */
  promote(address: number, key: Uint8Array, serial: number | undefined): KeyWrite {
    return this.#write(address, { current: key, next: undefined, ...(serial === undefined ? {} : { serial }) });
  }

  /** The device is known not to have taken it. */
  forgetNext(address: number): KeyWrite {
    return this.#write(address, { ...this.#record(address), next: undefined });
  }

  /** Before the device moves to another address; undefined when it has no key. */
  copy(from: number, to: number): KeyWrite | undefined {
    const stored = this.#store.get(from);
    return stored && this.#write(to, stored);
  }

  forget(address: number): KeyWrite {
    return this.#write(address, { current: undefined, next: undefined });
  }

  #record(address: number): StoredKey {
    return this.#store.get(address) ?? { current: undefined, next: undefined };
  }

  #wasProvenLast({ key }: KeyCandidate): boolean {
    return this.#lastProven !== undefined && isSameSecret(this.#lastProven, key);
  }

  #write(address: number, key: StoredKey): KeyWrite {
    const write: KeyWrite = { state: 'pending', error: undefined };
    this.#put(address, key).then(
      () => this.#settle(write, 'done', undefined),
      (error: unknown) => this.#settle(write, 'failed', error),
    );
    return write;
  }

  /** A store that throws at once has rejected, too. */
  async #put(address: number, key: StoredKey): Promise<void> {
    await this.#store.put(address, key);
  }

  #settle(write: KeyWrite, state: KeyWrite['state'], error: unknown): void {
    write.state = state;
    write.error = error;
    this.#onSettled();
  }
}
