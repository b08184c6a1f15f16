import { AES_BLOCK_BYTES } from './block-cipher.ts';
import type { BlockCipher, NewBlockCipher } from './block-cipher.ts';

/** The secure channel base key that every device has before it gets its own: known to everybody, so only for pairing. */
export const SCBK_D: Uint8Array = Uint8Array.from({ length: AES_BLOCK_BYTES }, (_, index) => 0x30 + index);

/** Bytes of RND.A and of RND.B. */
export const RND_BYTES = 8;

/** Ciphers of one session: S-ENC, S-MAC1 and S-MAC2. */
export interface SessionKeys {
  readonly enc: BlockCipher;
  readonly mac1: BlockCipher;
  readonly mac2: BlockCipher;
}

const RND_BYTES_IN_KEY = 6;
const ENC_LABEL = 0x82;
const MAC1_LABEL = 0x01;
const MAC2_LABEL = 0x02;

/** Spec annex D.4: session key = E(SCBK, 01 label RND.A[0..5] 00…). `scbk` has 16 bytes, `rndA` 8. */
export function deriveSessionKeys(newCipher: NewBlockCipher, scbk: Uint8Array, rndA: Uint8Array): SessionKeys {
  const base = newCipher(scbk);
  const sessionKey = (label: number): BlockCipher => {
    const seed = new Uint8Array(AES_BLOCK_BYTES);
    seed[0] = 0x01;
    seed[1] = label;
    seed.set(rndA.subarray(0, RND_BYTES_IN_KEY), 2);
    return newCipher(base.encrypt(seed));
  };
  return { enc: sessionKey(ENC_LABEL), mac1: sessionKey(MAC1_LABEL), mac2: sessionKey(MAC2_LABEL) };
}

/** What the device proves its key with: E(S-ENC, RND.A RND.B). */
export function clientCryptogram({ enc }: SessionKeys, rndA: Uint8Array, rndB: Uint8Array): Uint8Array {
  return Uint8Array.from(enc.encrypt(joined(rndA, rndB)));
}

/** What the panel proves its key with: E(S-ENC, RND.B RND.A). */
export function serverCryptogram({ enc }: SessionKeys, rndA: Uint8Array, rndB: Uint8Array): Uint8Array {
  return Uint8Array.from(enc.encrypt(joined(rndB, rndA)));
}

/** Where both MAC chains begin, R-MAC-I: E(S-MAC2, E(S-MAC1, server cryptogram)). */
export function initialRmac({ mac1, mac2 }: SessionKeys, cryptogram: Uint8Array): Uint8Array {
  return Uint8Array.from(mac2.encrypt(mac1.encrypt(cryptogram)));
}

function joined(first: Uint8Array, second: Uint8Array): Uint8Array {
  const block = new Uint8Array(AES_BLOCK_BYTES);
  block.set(first);
  block.set(second, RND_BYTES);
  return block;
}
