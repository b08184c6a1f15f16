import type { SecurityBlock } from '../frame/frame.ts';
import type { Command } from '../messages/commands.ts';
import type { PayloadFault } from '../messages/payload.ts';
import type { Reply } from '../messages/replies.ts';
import type { NewBlockCipher } from '../secure/block-cipher.ts';
import { isSameSecret } from '../secure/constant-time.ts';
import { SecureSession } from '../secure/secure-session.ts';
import { SCB_DEFAULT_KEY, SCB_DEVICE_KEY, SCS } from '../secure/security-block.ts';
import type { SessionKeys } from '../secure/session-keys.ts';
import { clientCryptogram, deriveSessionKeys, initialRmac, serverCryptogram } from '../secure/session-keys.ts';

/** Why a key was not proven. */
export type HandshakeFault =
  /** The device will not talk about this key: NAK to CHLNG, or no CCRYPT. */
  | 'challenge-refused'
  /** The device proved another key. */
  | 'key-mismatch'
  /** The device did not accept our proof, or answered it without the R-MAC. */
  | 'proof-refused'
  /** The device lost its place in the middle. */
  | 'interrupted';

export interface HandshakeOptions {
  readonly newCipher: NewBlockCipher;
  /** 16 bytes. */
  readonly scbk: Uint8Array;
  /** The key is SCBK-D. */
  readonly isDefaultKey: boolean;
  /** 8 fresh random bytes. */
  readonly rndA: Uint8Array;
}

/** The panel's side of one handshake about one key (spec annex D.4): CHLNG, then SCRYPT. */
export class Handshake {
  readonly #rndA: Uint8Array;
  readonly #keys: SessionKeys;
  readonly #flag: number;
  #serverCryptogram: Uint8Array | undefined;

  constructor({ newCipher, scbk, isDefaultKey, rndA }: HandshakeOptions) {
    this.#rndA = rndA;
    this.#keys = deriveSessionKeys(newCipher, scbk, rndA);
    this.#flag = isDefaultKey ? SCB_DEFAULT_KEY : SCB_DEVICE_KEY;
  }

  /** What the device is asked now. */
  get step(): { readonly command: Command; readonly security: SecurityBlock } {
    const cryptogram = this.#serverCryptogram;
    const data = Uint8Array.of(this.#flag);
    return cryptogram === undefined
      ? { command: { kind: 'chlng', rndA: this.#rndA }, security: { type: SCS.challenge, data } }
      : { command: { kind: 'scrypt', cryptogram }, security: { type: SCS.serverCryptogram, data } };
  }

  /**
   * The answer to {@link step}. What counts is what the device can compute: its cUID proves nothing (some send zeros), and devices
   * disagree on the status byte of RMAC_I.
   */
  receive(reply: Reply | PayloadFault): 'next-step' | SecureSession | HandshakeFault {
    const kind = typeof reply === 'string' ? undefined : reply;
    if (this.#serverCryptogram !== undefined) {
      return kind?.kind === 'rmac' ? this.#finish(this.#serverCryptogram, kind.rmac) : 'proof-refused';
    }
    return kind?.kind === 'ccrypt' ? this.#prove(kind.rndB, kind.cryptogram) : 'challenge-refused';
  }

  #prove(rndB: Uint8Array, cryptogram: Uint8Array): 'next-step' | HandshakeFault {
    if (!isSameSecret(clientCryptogram(this.#keys, this.#rndA, rndB), cryptogram)) {
      return 'key-mismatch';
    }
    this.#serverCryptogram = serverCryptogram(this.#keys, this.#rndA, rndB);
    return 'next-step';
  }

  #finish(cryptogram: Uint8Array, rmac: Uint8Array): SecureSession | HandshakeFault {
    const expected = initialRmac(this.#keys, cryptogram);
    return isSameSecret(expected, rmac) ? new SecureSession({ keys: this.#keys, rmac: expected }) : 'proof-refused';
  }
}
