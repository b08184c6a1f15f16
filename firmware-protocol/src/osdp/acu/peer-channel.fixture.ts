import { aes128 } from '../../node/aes.ts';

/** Three session keys of 16 bytes. */
export interface PeerKeys {
  readonly enc: Uint8Array;
  readonly mac1: Uint8Array;
  readonly mac2: Uint8Array;
}

const BLOCK = 16;

/** One AES block. */
export function aesBlock(key: Uint8Array, block: Uint8Array): Uint8Array {
  return aes128(key).encrypt(block);
}

/** The device's end of a channel, written from the specification: of ours it uses the block cipher only, so that a common mistake is seen. */
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
    if (mac.subarray(0, 4).some((byte, at) => byte !== raw[macAt + at])) {
      return undefined;
    }
    const iv = this.#rmac.map((byte) => ~byte);
    this.#cmac = mac;
    if (data.length === 0) {
      return data;
    }
    const blocks = aes128(this.#keys.enc).decrypt(data);
    const before = Uint8Array.of(...iv, ...data);
    const clear = blocks.map((byte, at) => byte ^ (before[at] ?? 0));
    return clear.subarray(0, clear.lastIndexOf(0x80));
  }

  /** Data of a reply as it travels when it is encrypted. */
  encrypt(clear: Uint8Array): Uint8Array {
    const padded = new Uint8Array(Math.ceil((clear.length + 1) / BLOCK) * BLOCK);
    padded.set(clear);
    padded[clear.length] = 0x80;
    let before = this.#cmac.map((byte) => ~byte);
    for (let at = 0; at < padded.length; at += BLOCK) {
      before = Uint8Array.from(aesBlock(this.#keys.enc, exclusiveOr(padded.subarray(at, at + BLOCK), before)));
      padded.set(before, at);
    }
    return padded;
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
      const block = exclusiveOr(padded.subarray(at, at + BLOCK), chain);
      chain = aesBlock(at + BLOCK === padded.length ? this.#keys.mac2 : this.#keys.mac1, block);
    }
    return chain;
  }
}

function exclusiveOr(left: Uint8Array, right: Uint8Array): Uint8Array {
  return left.map((byte, at) => byte ^ (right[at] ?? 0));
}
