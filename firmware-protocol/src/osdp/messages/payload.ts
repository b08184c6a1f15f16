/** Why the data of a known or unknown code could not be read; a device turns it into NAK 03, 02 or 09. */
export type PayloadFault = 'unknown-code' | 'length' | 'value';

/** Little-endian reading of message data. Reading past the end is remembered instead of thrown: ask `isExact` last. */
export class PayloadReader {
  readonly #bytes: Uint8Array;
  #at = 0;
  #isShort = false;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
  }

  get remaining(): number {
    return this.#bytes.length - this.#at;
  }

  /** Everything was there, and nothing is left. */
  get isExact(): boolean {
    return !this.#isShort && this.remaining === 0;
  }

  u8(): number {
    const value = this.#bytes[this.#at];
    this.#at += 1;
    if (value === undefined) {
      this.#isShort = true;
      return 0;
    }
    return value;
  }

  u16(): number {
    return this.u8() | (this.u8() << 8);
  }

  u32(): number {
    return this.u16() + this.u16() * 0x1_0000;
  }

  bytes(count: number): Uint8Array {
    if (count > this.remaining) {
      this.#isShort = true;
    }
    const part = this.#bytes.subarray(this.#at, this.#at + count);
    this.#at += count;
    return part;
  }
}

/** One byte of each 16-bit half, low first. */
export function u16Bytes(value: number): [number, number] {
  return [value & 0xff, (value >> 8) & 0xff];
}

/** Four bytes, low first. */
export function u32Bytes(value: number): [number, number, number, number] {
  return [value & 0xff, (value >>> 8) & 0xff, (value >>> 16) & 0xff, (value >>> 24) & 0xff];
}

/** Bytes of 7-bit text; what is not printable ASCII becomes '?', because devices show nothing else. */
export function asciiBytes(text: string): Uint8Array {
  return Uint8Array.from(text, (character) => {
    const code = character.charCodeAt(0);
    return code >= 0x20 && code < 0x7f ? code : 0x3f;
  });
}

export function asciiText(bytes: Uint8Array): string {
  return String.fromCharCode(...bytes);
}
