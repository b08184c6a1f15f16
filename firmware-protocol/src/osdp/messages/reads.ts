import { keysFromWire, keysToWire } from './keypad-digits.ts';
import type { PayloadFault, PayloadReader } from './payload.ts';
import { PayloadWriter, asciiBytes, asciiText } from './payload.ts';

/** Card bits as they came, first bit in the highest bit of the first byte; `format`: 0 raw, 1 Wiegand, 2 UID, 3 OSS. */
export interface CardData {
  readonly reader: number;
  readonly format: number;
  readonly bitCount: number;
  /** As many bytes as `bitCount` needs. */
  readonly bits: Uint8Array;
}

/** `keys` holds 0-9, `*`, `#` and A-D as a person reads them. */
export interface KeypadData {
  readonly reader: number;
  readonly keys: string;
}

export interface RawReply extends CardData {
  readonly kind: 'raw';
}

export interface KeypadReply extends KeypadData {
  readonly kind: 'keypad';
}

/** A card as characters, with the direction of the swipe. Deprecated, but old readers send it. */
export interface FmtReply {
  readonly kind: 'fmt';
  readonly reader: number;
  readonly direction: 'forward' | 'backward';
  readonly text: string;
}

const CARD_HEADER_BYTES = 4;
const FMT_HEADER_BYTES = 3;
const KEYPAD_HEADER_BYTES = 2;

/** Spec 7.10. */
export function encodeCard({ reader, format, bitCount, bits }: CardData): Uint8Array {
  if (bits.length !== Math.ceil(bitCount / 8)) {
    throw new RangeError(`${bitCount} bits do not stand in ${bits.length} bytes`);
  }
  const writer = new PayloadWriter(CARD_HEADER_BYTES + bits.length);
  return writer.u8('reader', reader).u8('format', format).u16('number of bits', bitCount).bytes(bits).data;
}

export function readCard(reader: PayloadReader): RawReply | PayloadFault {
  const card = { reader: reader.u8(), format: reader.u8(), bitCount: reader.u16() };
  const bits = reader.bytes(Math.ceil(card.bitCount / 8));
  return reader.isEnough ? { kind: 'raw', ...card, bits } : 'length';
}

/** Spec 7.11. */
export function encodeFmt({ reader, direction, text }: FmtReply): Uint8Array {
  const characters = asciiBytes('card text', text);
  const writer = new PayloadWriter(FMT_HEADER_BYTES + characters.length).u8('reader', reader);
  return writer
    .u8('direction', Number(direction === 'backward'))
    .u8('length', characters.length)
    .bytes(characters).data;
}

export function readFmt(reader: PayloadReader): FmtReply | PayloadFault {
  const reply: FmtReply = {
    kind: 'fmt',
    reader: reader.u8(),
    direction: reader.u8() === 0 ? 'forward' : 'backward',
    text: asciiText(reader.bytes(reader.u8())),
  };
  return reader.isEnough ? reply : 'length';
}

/** Spec 7.12. Rejects with RangeError what is not a key; the text itself stays out of the message, it may be a PIN. */
export function encodeKeypad({ reader, keys }: KeypadData): Uint8Array {
  const digits = keysToWire(keys);
  const writer = new PayloadWriter(KEYPAD_HEADER_BYTES + digits.length);
  return writer.u8('reader', reader).u8('number of keys', digits.length).bytes(digits).data;
}

export function readKeypad(reader: PayloadReader): KeypadReply | PayloadFault {
  const number = reader.u8();
  const digits = reader.bytes(reader.u8());
  if (!reader.isEnough) {
    return 'length';
  }
  const keys = keysFromWire(digits);
  return keys === undefined ? 'value' : { kind: 'keypad', reader: number, keys };
}
