/** Bytes of an AES block and of an AES-128 key. */
export const AES_BLOCK_BYTES = 16;

/**
 * AES-128 over whole 16-byte blocks without padding: persistent cipher objects of one key. A result is fresh memory that nobody
 * changes later.
 */
export interface BlockCipher {
  /** Each block by itself (ECB). */
  encrypt(blocks: Uint8Array): Uint8Array;
  /** Each block mixed with the result of the one before it (CBC; who wants a start mixes it into the first). Changes `blocks`. */
  encryptChained(blocks: Uint8Array): Uint8Array;
  /** Each block by itself (ECB). */
  decrypt(blocks: Uint8Array): Uint8Array;
}

/** Makes the cipher of one 16-byte key. The core has none of its own, so that it runs beside any crypto library. */
export type NewBlockCipher = (key: Uint8Array) => BlockCipher;
