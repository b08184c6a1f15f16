import { AES_BLOCK_BYTES } from './block-cipher.ts';
import type { BlockCipher } from './block-cipher.ts';
import type { SessionKeys } from './session-keys.ts';

const PADDING_START = 0x80;

/** What a cipher reads, by the number of blocks; made once for short messages. Nothing is kept in one from call to call. */
const workAreas = [1, 2, 3, 4].map((blocks) => new Uint8Array(blocks * AES_BLOCK_BYTES));

function workArea(blocks: number): Uint8Array {
  return workAreas[blocks - 1] ?? new Uint8Array(blocks * AES_BLOCK_BYTES);
}

/**
 * MAC over `bytes[from..to)`: CBC from `icv`, with S-MAC1 for all blocks but the last and S-MAC2 for that; padded with 80 00… only
 * if the last block is not whole (spec annex D.5). All sixteen bytes; four of them travel. Behind it stand the MACs of the next
 * links of the chain, if those are over `following`: messages of one block each, padded.
 */
export function macsOf(
  keys: SessionKeys,
  icv: Uint8Array,
  bytes: Uint8Array,
  from: number,
  to: number,
  following: Uint8Array,
): Uint8Array {
  const blocks = workArea(1 + following.length / AES_BLOCK_BYTES);
  mixLastBlock(blocks, keys, icv, bytes, from, to);
  for (let index = 0; index < following.length; index += 1) {
    blocks[AES_BLOCK_BYTES + index] = following[index] ?? 0;
  }
  return keys.mac2.encryptChained(blocks);
}

/** Writes into `area` what S-MAC2 is to encrypt: the last block, padded, mixed with what S-MAC1 made of those before it. */
function mixLastBlock(
  area: Uint8Array,
  { mac1 }: SessionKeys,
  icv: Uint8Array,
  bytes: Uint8Array,
  from: number,
  to: number,
): void {
  const lastAt = to - 1 - ((to - 1 - from) % AES_BLOCK_BYTES);
  let chain = icv;
  if (lastAt > from) {
    const whole = workArea((lastAt - from) / AES_BLOCK_BYTES);
    copyInto(whole, bytes, from, lastAt);
    mixInto(whole, icv, 0);
    chain = mac1.encryptChained(whole);
  }
  copyInto(area, bytes, lastAt, to);
  padFrom(area, to - lastAt, AES_BLOCK_BYTES);
  mixInto(area, chain, chain.length - AES_BLOCK_BYTES);
}

/** Data of a message as it travels: padded with 80 00… always, then CBC. The start is the complement of `icv`. */
export function encryptData(enc: BlockCipher, icv: Uint8Array, clear: Uint8Array): Uint8Array {
  const area = workArea(Math.floor(clear.length / AES_BLOCK_BYTES) + 1);
  copyInto(area, clear, 0, clear.length);
  padFrom(area, clear.length, area.length);
  mixComplementInto(area, icv);
  return enc.encryptChained(area);
}

/** The data before {@link encryptData}. Empty for a block of padding only, as some send it for a message without data. */
export function decryptData(enc: BlockCipher, icv: Uint8Array, sealed: Uint8Array): Uint8Array | 'padding' {
  if (sealed.length === 0 || sealed.length % AES_BLOCK_BYTES !== 0) {
    return 'padding';
  }
  const area = workArea(sealed.length / AES_BLOCK_BYTES);
  copyInto(area, sealed, 0, sealed.length);
  const decrypted = enc.decrypt(area);
  mixComplementInto(decrypted, icv);
  for (let at = AES_BLOCK_BYTES; at < decrypted.length; at += 1) {
    decrypted[at] = (decrypted[at] ?? 0) ^ (sealed[at - AES_BLOCK_BYTES] ?? 0);
  }
  return withoutPadding(decrypted);
}

function withoutPadding(padded: Uint8Array): Uint8Array | 'padding' {
  let end = padded.length - 1;
  const lowest = padded.length - AES_BLOCK_BYTES;
  while (end > lowest && padded[end] === 0) {
    end -= 1;
  }
  if (padded[end] !== PADDING_START) {
    return 'padding';
  }
  // The cipher may give a Buffer, whose slice() shares memory; readers of message data count on a copy.
  const clear = new Uint8Array(end);
  copyInto(clear, padded, 0, end);
  return clear;
}

/** `bytes[from..to)` at the start of `area`. For the few bytes of a message a loop is faster than `set` of a part. */
function copyInto(area: Uint8Array, bytes: Uint8Array, from: number, to: number): void {
  for (let index = 0; from + index < to; index += 1) {
    area[index] = bytes[from + index] ?? 0;
  }
}

/** 80 00… in `area[from..to)`; nothing when it is full. */
function padFrom(area: Uint8Array, from: number, to: number): void {
  for (let index = from; index < to; index += 1) {
    area[index] = index === from ? PADDING_START : 0;
  }
}

/** The block of `chain` at `at`, mixed into the first block of `area`. */
function mixInto(area: Uint8Array, chain: Uint8Array, at: number): void {
  for (let index = 0; index < AES_BLOCK_BYTES; index += 1) {
    area[index] = (area[index] ?? 0) ^ (chain[at + index] ?? 0);
  }
}

function mixComplementInto(area: Uint8Array, icv: Uint8Array): void {
  for (let index = 0; index < AES_BLOCK_BYTES; index += 1) {
    area[index] = (area[index] ?? 0) ^ ~(icv[index] ?? 0);
  }
}
