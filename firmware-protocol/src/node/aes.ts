import { createCipheriv, createDecipheriv } from 'node:crypto';
import type { Cipheriv, Decipheriv } from 'node:crypto';
import { AES_BLOCK_BYTES } from '../osdp/secure/block-cipher.ts';
import type { BlockCipher } from '../osdp/secure/block-cipher.ts';

/**
 * AES-128 by OpenSSL. Cipher objects live as long as the key, because making one costs as much as fifteen calls, and a call costs
 * the same for one block as for four.
 */
export function aes128(key: Uint8Array): BlockCipher {
  return new Aes128(key);
}

/** Each cipher object is made on first need: of the three keys of a session only one decrypts. */
class Aes128 implements BlockCipher {
  readonly #key: Uint8Array;
  #ecb: Cipheriv | undefined;
  #cbc: Cipheriv | undefined;
  #decipher: Decipheriv | undefined;
  /** What the CBC object gave last: its last block is what it will mix into the next. */
  #last: Uint8Array = new Uint8Array(AES_BLOCK_BYTES);

  constructor(key: Uint8Array) {
    this.#key = Uint8Array.from(key);
  }

  encrypt(blocks: Uint8Array): Uint8Array {
    requireWhole(blocks);
    this.#ecb ??= createCipheriv('aes-128-ecb', this.#key, null).setAutoPadding(false);
    return this.#ecb.update(blocks);
  }

  /** The object cannot be set back to a zero start, so what it mixes in by itself is mixed in before, which cancels it. */
  encryptChained(blocks: Uint8Array): Uint8Array {
    requireWhole(blocks);
    this.#cbc ??= createCipheriv('aes-128-cbc', this.#key, this.#last).setAutoPadding(false);
    const last = this.#last;
    const lastAt = last.length - AES_BLOCK_BYTES;
    for (let index = 0; index < AES_BLOCK_BYTES; index += 1) {
      blocks[index] = (blocks[index] ?? 0) ^ (last[lastAt + index] ?? 0);
    }
    this.#last = this.#cbc.update(blocks);
    return this.#last;
  }

  decrypt(blocks: Uint8Array): Uint8Array {
    requireWhole(blocks);
    this.#decipher ??= createDecipheriv('aes-128-ecb', this.#key, null).setAutoPadding(false);
    return this.#decipher.update(blocks);
  }
}

/** A cipher object would keep the rest for its next call. */
function requireWhole(blocks: Uint8Array): void {
  if (blocks.length === 0 || blocks.length % AES_BLOCK_BYTES !== 0) {
    throw new RangeError(`${blocks.length} bytes are no whole AES blocks`);
  }
}
