/** Code and data of a message, as they stand in a frame. */
export interface Payload {
  readonly code: number;
  readonly data: Uint8Array;
}

/** Why the data of a known or unknown code could not be read; a device turns it into NAK 03, 02 or 09. */
export type PayloadFault = 'unknown-code' | 'length' | 'value';

/** Little-endian reading of message data. Reading past the end is remembered instead of thrown: ask `isExact` or `isEnough` last. */
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

  /** Everything was there; what may be left is not ours to understand. */
  get isEnough(): boolean {
    return !this.#isShort;
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

  s16(): number {
    return (this.u16() << 16) >> 16;
  }

  u32(): number {
    return this.u16() + this.u16() * 0x1_0000;
  }

  /** A copy, because a message may outlive the frame that it came in. */
  bytes(count: number): Uint8Array {
    if (count > this.remaining) {
      this.#isShort = true;
    }
    const part = this.#bytes.slice(this.#at, this.#at + count);
    this.#at += count;
    return part;
  }

  rest(): Uint8Array {
    return this.bytes(Math.max(0, this.remaining));
  }
}

/** Little-endian writing into data of a size known before. Each value has its field's name: a RangeError says what does not fit where. */
export class PayloadWriter {
  readonly #bytes: Uint8Array;
  #at = 0;

  constructor(size: number) {
    this.#bytes = new Uint8Array(size);
  }

  get data(): Uint8Array {
    return this.#bytes;
  }

  u8(field: string, value: number): this {
    this.#bytes[this.#at] = within(field, value, 0xff);
    this.#at += 1;
    return this;
  }

  u16(field: string, value: number): this {
    const fitting = within(field, value, 0xffff);
    this.#bytes[this.#at] = fitting & 0xff;
    this.#bytes[this.#at + 1] = fitting >> 8;
    this.#at += 2;
    return this;
  }

  s16(field: string, value: number): this {
    return this.u16(field, within(field, value, 0x7fff, -0x8000) & 0xffff);
  }

  u32(field: string, value: number): this {
    const fitting = within(field, value, 0xffff_ffff);
    return this.u16(field, fitting & 0xffff).u16(field, fitting >>> 16);
  }

  /** Tenths of a second in one byte; parts of one are rounded up. */
  tenths8(field: string, durationMs: number): this {
    return this.u8(field, tenthsOf(field, durationMs, 0xff));
  }

  /** Tenths of a second in two bytes; parts of one are rounded up. */
  tenths16(field: string, durationMs: number): this {
    return this.u16(field, tenthsOf(field, durationMs, 0xffff));
  }

  bytes(part: Uint8Array): this {
    this.#bytes.set(part, this.#at);
    this.#at += part.length;
    return this;
  }
}

/** The unit of all times in OSDP commands but KEEPACTIVE and FTSTAT. */
export const TENTH_MS = 100;

function tenthsOf(field: string, durationMs: number, max: number): number {
  const tenths = Math.ceil(durationMs / TENTH_MS);
  if (!(tenths >= 0 && tenths <= max)) {
    throw new RangeError(`${field} of ${durationMs} ms is not in 0..${max * TENTH_MS}`);
  }
  return tenths;
}

/** `value` itself when it is a whole number from `min` to `max`; else throws RangeError. */
export function within(field: string, value: number, max: number, min = 0): number {
  if (!Number.isInteger(value) || value < min || value > max) {
    throw new RangeError(`${field} ${value} is not a whole number in ${min}..${max}`);
  }
  return value;
}

/** `bytes` itself when it has exactly `count`; else throws RangeError, which never shows the bytes: they may be a key. */
export function exactly(field: string, bytes: Uint8Array, count: number): Uint8Array {
  if (bytes.length !== count) {
    throw new RangeError(`${field} has ${bytes.length} bytes, not ${count}`);
  }
  return bytes;
}

const PRINTABLE_ASCII = /^[\x20-\x7e]*$/;

/** Bytes of 7-bit text of at most 255 characters. Throws RangeError for any other character: devices show nothing else. */
export function asciiBytes(field: string, text: string): Uint8Array {
  if (!PRINTABLE_ASCII.test(text)) {
    throw new RangeError(`${field} holds a character that is not printable ASCII`);
  }
  within(`length of ${field}`, text.length, 0xff);
  return Uint8Array.from(text, (character) => character.charCodeAt(0));
}

/** One character a byte, whatever the bytes are: what a device sends is shown, not judged. */
export function asciiText(bytes: Uint8Array): string {
  return String.fromCharCode(...bytes);
}
