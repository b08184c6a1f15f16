import { MAC_BYTES } from '../frame/frame.ts';
import { AES_BLOCK_BYTES } from './block-cipher.ts';
import { macsOf } from './cbc.ts';
import { continuesIdleTalk, notePlace, writeIdleTalk } from './idle-talk.ts';
import type { TalkPlace } from './idle-talk.ts';
import type { SessionKeys } from './session-keys.ts';

/** What is computed ahead: up to the end of the next exchange. Filled anew for each call of the cipher. */
const AFTER_COMMAND = new Uint8Array(3 * AES_BLOCK_BYTES);
const AFTER_REPLY = new Uint8Array(2 * AES_BLOCK_BYTES);

/**
 * The MAC chain of one channel: a command continues from the last R-MAC and makes the C-MAC, a reply continues from that.
 *
 * An idle line carries POLL, ACK, POLL, ACK…, each one block long, so that the chain over them is one CBC stream under S-MAC2. A
 * call of the cipher costs the same for four blocks as for one, and a secure poll is little else than such calls: so each call
 * computes a few links ahead, and a link is used only for the very bytes that it was computed over. It is the MAC that would have
 * been computed for them; any other message gets its own.
 */
export class MacChain {
  /** Where the next command continues. */
  readonly rmac = new Uint8Array(AES_BLOCK_BYTES);
  /** Where the next reply continues. */
  readonly cmac = new Uint8Array(AES_BLOCK_BYTES);
  readonly #keys: SessionKeys;
  /** MACs of consecutive links; that of the last message is at {@link #at}, those behind it are of idle talk. */
  #macs: Uint8Array = new Uint8Array(AES_BLOCK_BYTES);
  #at = 0;
  readonly #place: TalkPlace = { address: 0, control: 0, isReply: true };

  constructor(keys: SessionKeys, rmac: Uint8Array) {
    this.#keys = keys;
    this.rmac.set(rmac);
    this.cmac.set(rmac);
  }

  /** Adds a command of our own, from SOM at `from` up to where its MAC goes, and writes that. */
  sealCommand(bytes: Uint8Array, from: number, macAt: number): void {
    this.#take(this.#macsOf(this.rmac, bytes, from, macAt, AFTER_COMMAND), this.cmac, bytes, from);
    writeMac(bytes, macAt, this.cmac);
  }

  /** Adds a reply of our own likewise. */
  sealReply(bytes: Uint8Array, from: number, macAt: number): void {
    this.#take(this.#macsOf(this.cmac, bytes, from, macAt, AFTER_REPLY), this.rmac, bytes, from);
    writeMac(bytes, macAt, this.rmac);
  }

  /** Adds a command from the line if its MAC is right; else nothing changes. */
  openCommand(bytes: Uint8Array, macAt: number): boolean {
    return this.#takeIfGenuine(this.#macsOf(this.rmac, bytes, 0, macAt, AFTER_COMMAND), this.cmac, bytes, macAt);
  }

  /** Adds a reply from the line if its MAC is right; else nothing changes. */
  openReply(bytes: Uint8Array, macAt: number): boolean {
    return this.#takeIfGenuine(this.#macsOf(this.cmac, bytes, 0, macAt, AFTER_REPLY), this.rmac, bytes, macAt);
  }

  /** MACs with that of this message at {@link #placeIn}, and perhaps of idle talk behind it. */
  #macsOf(icv: Uint8Array, bytes: Uint8Array, from: number, macAt: number, following: Uint8Array): Uint8Array {
    if (this.#at + AES_BLOCK_BYTES < this.#macs.length && continuesIdleTalk(this.#place, bytes, from)) {
      return this.#macs;
    }
    writeIdleTalk(following, bytes, from);
    return macsOf(this.#keys, icv, bytes, from, macAt, following);
  }

  #placeIn(macs: Uint8Array): number {
    return macs === this.#macs ? this.#at + AES_BLOCK_BYTES : 0;
  }

  #takeIfGenuine(macs: Uint8Array, target: Uint8Array, bytes: Uint8Array, macAt: number): boolean {
    const isGenuine = isMac(bytes, macAt, macs, this.#placeIn(macs));
    if (isGenuine) {
      this.#take(macs, target, bytes, 0);
    }
    return isGenuine;
  }

  #take(macs: Uint8Array, target: Uint8Array, bytes: Uint8Array, from: number): void {
    this.#at = this.#placeIn(macs);
    this.#macs = macs;
    for (let index = 0; index < AES_BLOCK_BYTES; index += 1) {
      target[index] = macs[this.#at + index] ?? 0;
    }
    notePlace(this.#place, bytes, from);
  }
}

function writeMac(bytes: Uint8Array, at: number, mac: Uint8Array): void {
  for (let index = 0; index < MAC_BYTES; index += 1) {
    bytes[at + index] = mac[index] ?? 0;
  }
}

/** Whether the MAC at `at` is the beginning of the one at `macAt` in `macs`, in a time that does not tell where they differ. */
function isMac(bytes: Uint8Array, at: number, macs: Uint8Array, macAt: number): boolean {
  let difference = 0;
  for (let index = 0; index < MAC_BYTES; index += 1) {
    difference |= (bytes[at + index] ?? 0) ^ (macs[macAt + index] ?? 0);
  }
  return difference === 0;
}
