import type { NewBlockCipher } from '../secure/block-cipher.ts';
import { RND_BYTES } from '../secure/session-keys.ts';
import type { KeyCandidate } from './device-keys.ts';
import { Handshake } from './handshake.ts';

export interface KeyTrialOptions {
  readonly newCipher: NewBlockCipher;
  readonly random: (bytes: number) => Uint8Array;
  /** At least one; tried in this order. */
  readonly candidates: readonly KeyCandidate[];
  /** How often each is tried: a bad line can spoil a handshake. */
  readonly rounds: number;
}

/** Which of several keys does the device hold? One handshake after the other, each with fresh random. */
export class KeyTrial {
  readonly #options: KeyTrialOptions;
  #tries = 0;
  #candidate: KeyCandidate;
  #handshake: Handshake;

  constructor(options: KeyTrialOptions, first: KeyCandidate) {
    this.#options = options;
    this.#candidate = first;
    this.#handshake = this.#begin(first);
  }

  get candidate(): KeyCandidate {
    return this.#candidate;
  }

  get handshake(): Handshake {
    return this.#handshake;
  }

  /** Goes on to the next key. False when all have been tried often enough. */
  next(): boolean {
    const { candidates, rounds } = this.#options;
    const candidate = candidates[this.#tries % candidates.length];
    if (candidate === undefined || this.#tries >= candidates.length * rounds) {
      return false;
    }
    this.#candidate = candidate;
    this.#handshake = this.#begin(candidate);
    return true;
  }

  #begin({ key, role }: KeyCandidate): Handshake {
    this.#tries += 1;
    const { newCipher, random } = this.#options;
    return new Handshake({ newCipher, scbk: key, isDefaultKey: role === 'default', rndA: random(RND_BYTES) });
  }
}
