import { createCipheriv, createDecipheriv } from 'node:crypto';
import type { Decipheriv } from 'node:crypto';
import type { BlockCipher } from '../osdp/secure/block-cipher.ts';

/** AES-128 by OpenSSL. One cipher object lives as long as the key: making one costs as much as fifteen blocks. */
export function aes128(key: Uint8Array): BlockCipher {
  const cipher = createCipheriv('aes-128-ecb', key, null).setAutoPadding(false);
  // Only who receives sealed data decrypts, and of three session keys only one.
  let decipher: Decipheriv | undefined;
  return {
    encrypt: (blocks) => cipher.update(blocks),
    decrypt: (blocks) => {
      decipher ??= createDecipheriv('aes-128-ecb', key, null).setAutoPadding(false);
      return decipher.update(blocks);
    },
  };
}
