import { createCipheriv } from 'node:crypto';

/** AES-128-CBC of whole blocks by an object made for them alone: what the persistent ones have to agree with. */
export function cbcByANewObject(key: Uint8Array, start: Uint8Array, blocks: Uint8Array): Uint8Array {
  return Uint8Array.from(createCipheriv('aes-128-cbc', key, start).setAutoPadding(false).update(blocks));
}
