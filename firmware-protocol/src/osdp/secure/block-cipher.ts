/** Bytes of an AES block and of an AES-128 key. */
export const AES_BLOCK_BYTES = 16;

/**
 * AES-128 over whole 16-byte blocks, each by itself (ECB, no padding): one persistent cipher object a key. A result is fresh
 * memory that nobody changes later.
 */
export interface BlockCipher {
  encrypt(blocks: Uint8Array): Uint8Array;
  decrypt(blocks: Uint8Array): Uint8Array;
}

/** Makes the cipher of one 16-byte key. The core has none of its own, so that it runs beside any crypto library. */
export type NewBlockCipher = (key: Uint8Array) => BlockCipher;
