import { createCipheriv, createDecipheriv, timingSafeEqual } from 'node:crypto';

/** Three session keys of 16 bytes. */
export interface PeerKeys {
  readonly enc: Uint8Array;
  readonly mac1: Uint8Array;
  readonly mac2: Uint8Array;
}

const BLOCK = 16;

/** One AES block. */
export function aesBlock(key: Uint8Array, block: Uint8Array): Uint8Array {
  return createCipheriv('aes-128-ecb', key, null).setAutoPadding(false).update(block);
}

/** The device's end of a channel, written from the specification without any code of ours, so that a common mistake is seen. */
export class PeerChannel {
  readonly #keys: PeerKeys;
  #rmac: Uint8Array;
  #cmac: Uint8Array;

  constructor(keys: PeerKeys, rmac: Uint8Array) {
    this.#keys = keys;
    this.#rmac = rmac;
    this.#cmac = rmac;
  }

  /** Data of a command in clear; `raw` from SOM, `macAt` where its MAC begins. Undefined when the MAC is wrong. */
  open(raw: Uint8Array, macAt: number, data: Uint8Array): Uint8Array | undefined {
    const mac = this.#mac(this.#rmac, raw.subarray(0, macAt));
    if (!timingSafeEqual(mac.subarray(0, 4), raw.subarray(macAt, macAt + 4))) {
      return undefined;
    }
    const iv = this.#rmac.map((byte) => ~byte);
    this.#cmac = mac;
    if (data.length === 0) {
      return data;
    }
    const clear = createDecipheriv('aes-128-cbc', this.#keys.enc, iv).setAutoPadding(false).update(data);
    return clear.subarray(0, clear.lastIndexOf(0x80));
  }

  /** Data of a reply as it travels when it is encrypted. */
  encrypt(clear: Uint8Array): Uint8Array {
    const padded = new Uint8Array(Math.ceil((clear.length + 1) / BLOCK) * BLOCK);
    padded.set(clear);
    padded[clear.length] = 0x80;
    const iv = this.#cmac.map((byte) => ~byte);
    return createCipheriv('aes-128-cbc', this.#keys.enc, iv).setAutoPadding(false).update(padded);
  }

  /** MAC of a reply, SOM to its last data byte; it continues the chain. */
  sealMac(body: Uint8Array): Uint8Array {
    this.#rmac = this.#mac(this.#cmac, body);
    return this.#rmac;
  }

  #mac(icv: Uint8Array, body: Uint8Array): Uint8Array {
    const padded = new Uint8Array(Math.ceil(body.length / BLOCK) * BLOCK);
    padded.set(body);
    if (padded.length > body.length) {
      padded[body.length] = 0x80;
    }
    let chain = icv;
    for (let at = 0; at < padded.length; at += BLOCK) {
      const block = padded.subarray(at, at + BLOCK).map((byte, index) => byte ^ (chain[index] ?? 0));
      chain = aesBlock(at + BLOCK === padded.length ? this.#keys.mac2 : this.#keys.mac1, block);
    }
    return chain;
  }
}
