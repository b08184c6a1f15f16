import { AES_BLOCK_BYTES } from './block-cipher.ts';
import type { BlockCipher } from './block-cipher.ts';
import type { SessionKeys } from './session-keys.ts';

const PADDING_START = 0x80;

/** The block that the next call of a cipher reads. Nothing is kept in it from one function to the next. */
const work = new Uint8Array(AES_BLOCK_BYTES);

/**
 * MAC over `bytes[from..to)`: CBC from `icv`, with S-MAC1 for all blocks but the last and S-MAC2 for that; padded with 80 00… only
 * if the last block is not whole (spec annex D.5). All sixteen bytes; four of them travel.
 */
export function macOf(
  { mac1, mac2 }: SessionKeys,
  icv: Uint8Array,
  bytes: Uint8Array,
  from: number,
  to: number,
): Uint8Array {
  let chain = icv;
  let at = from;
  for (; to - at > AES_BLOCK_BYTES; at += AES_BLOCK_BYTES) {
    mixBlock(chain, bytes, at);
    chain = mac1.encrypt(work);
  }
  mixPaddedBlock(chain, bytes, at, to);
  return mac2.encrypt(work);
}

/** Data of a message as it travels: padded with 80 00… always, then CBC. The start is the complement of `icv`. */
export function encryptData(enc: BlockCipher, icv: Uint8Array, clear: Uint8Array): Uint8Array {
  const sealed = new Uint8Array((Math.floor(clear.length / AES_BLOCK_BYTES) + 1) * AES_BLOCK_BYTES);
  let chain = complement(icv);
  let at = 0;
  for (; clear.length - at >= AES_BLOCK_BYTES; at += AES_BLOCK_BYTES) {
    mixBlock(chain, clear, at);
    chain = enc.encrypt(work);
    sealed.set(chain, at);
  }
  mixPaddedBlock(chain, clear, at, clear.length);
  sealed.set(enc.encrypt(work), at);
  return sealed;
}

/** The data before {@link encryptData}. Empty for a block of padding only, as some send it for a message without data. */
export function decryptData(enc: BlockCipher, icv: Uint8Array, sealed: Uint8Array): Uint8Array | 'padding' {
  if (sealed.length === 0 || sealed.length % AES_BLOCK_BYTES !== 0) {
    return 'padding';
  }
  const mixed = enc.decrypt(sealed);
  // The cipher may give a Buffer, whose slice() shares memory; readers of message data count on a copy.
  const clear = new Uint8Array(sealed.length);
  for (let at = 0; at < AES_BLOCK_BYTES; at += 1) {
    clear[at] = (mixed[at] ?? 0) ^ ~(icv[at] ?? 0);
  }
  for (let at = AES_BLOCK_BYTES; at < clear.length; at += 1) {
    clear[at] = (mixed[at] ?? 0) ^ (sealed[at - AES_BLOCK_BYTES] ?? 0);
  }
  return withoutPadding(clear);
}

function withoutPadding(padded: Uint8Array): Uint8Array | 'padding' {
  let end = padded.length - 1;
  const lowest = padded.length - AES_BLOCK_BYTES;
  while (end > lowest && padded[end] === 0) {
    end -= 1;
  }
  return padded[end] === PADDING_START ? padded.subarray(0, end) : 'padding';
}

function complement(icv: Uint8Array): Uint8Array {
  return icv.map((byte) => ~byte);
}

/** {@link work} = the whole block at `at`, mixed with the chain so far. */
function mixBlock(chain: Uint8Array, bytes: Uint8Array, at: number): void {
  for (let index = 0; index < AES_BLOCK_BYTES; index += 1) {
    work[index] = (chain[index] ?? 0) ^ (bytes[at + index] ?? 0);
  }
}

/** As {@link mixBlock} with what is left up to `to`: sixteen bytes, or fewer and the padding. */
function mixPaddedBlock(chain: Uint8Array, bytes: Uint8Array, at: number, to: number): void {
  const size = to - at;
  for (let index = 0; index < size; index += 1) {
    work[index] = (chain[index] ?? 0) ^ (bytes[at + index] ?? 0);
  }
  for (let index = size; index < AES_BLOCK_BYTES; index += 1) {
    work[index] = (chain[index] ?? 0) ^ (index === size ? PADDING_START : 0);
  }
}
