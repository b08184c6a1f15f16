import { REPLY_CODE } from './codes.ts';
import type { Payload } from './commands.ts';
import { NO_DATA } from '../frame/frame.ts';
import { keysFromWire, keysToWire } from './keypad-digits.ts';
import type { PayloadFault } from './payload.ts';
import { PayloadReader, u16Bytes, u32Bytes } from './payload.ts';

/** State of a supervised input, in the order of its codes 0..5 (spec 7.7). */
export const INPUT_STATES = ['inactive', 'active', 'shorted', 'cut', 'fault', 'unknown'] as const;
export type InputState = (typeof INPUT_STATES)[number];

/** State of a reader, in the order of its codes 0..2 (spec 7.9). */
export const READER_STATES = ['normal', 'disconnected', 'tampered'] as const;
export type ReaderState = (typeof READER_STATES)[number];

/** Who a device says that it is. `vendor` is its IEEE OUI, three bytes, as hexadecimal. */
export interface DeviceIdentity {
  readonly vendor: string;
  readonly model: number;
  readonly version: number;
  readonly serial: number;
  readonly firmware: { readonly major: number; readonly minor: number; readonly build: number };
}

/** One line of a PDCAP report: function code 1..16, compliance level, number of items. */
export interface Capability {
  readonly functionCode: number;
  readonly compliance: number;
  readonly count: number;
}

/** Card bits as they came, first bit in the highest bit of the first byte; `format`: 0 raw, 1 Wiegand, 2 UID, 3 OSS. */
export interface CardData {
  readonly reader: number;
  readonly format: number;
  readonly bitCount: number;
  readonly bits: Uint8Array;
}

/** `keys` holds 0-9, `*`, `#` and A-D as a person reads them. */
export interface KeypadData {
  readonly reader: number;
  readonly keys: string;
}

export type Reply =
  | { readonly kind: 'ack' | 'busy' }
  | { readonly kind: 'nak'; readonly error: number; readonly details: Uint8Array }
  | { readonly kind: 'pdid'; readonly identity: DeviceIdentity }
  | { readonly kind: 'pdcap'; readonly capabilities: readonly Capability[] }
  | { readonly kind: 'lstatr'; readonly tampered: boolean; readonly powerFailed: boolean }
  | { readonly kind: 'istatr'; readonly inputs: readonly InputState[] }
  | { readonly kind: 'ostatr'; readonly outputs: readonly boolean[] }
  | { readonly kind: 'rstatr'; readonly readers: readonly ReaderState[] }
  | ({ readonly kind: 'raw' } & CardData)
  | ({ readonly kind: 'keypad' } & KeypadData)
  | { readonly kind: 'com'; readonly address: number; readonly baud: number };

export type ReplyKind = Reply['kind'];

/** Data of a reply. Rejects with RangeError keys that no keypad has. */
export function encodeReply(reply: Reply): Payload {
  return { code: REPLY_CODE[reply.kind], data: replyData(reply) };
}

function replyData(reply: Reply): Uint8Array {
  switch (reply.kind) {
    case 'ack':
    case 'busy':
      return NO_DATA;
    case 'nak':
      return Uint8Array.of(reply.error, ...reply.details);
    case 'pdid':
      return encodeIdentity(reply.identity);
    case 'pdcap':
      return Uint8Array.from(reply.capabilities.flatMap((item) => [item.functionCode, item.compliance, item.count]));
    case 'lstatr':
      return Uint8Array.of(Number(reply.tampered), Number(reply.powerFailed));
    case 'istatr':
      return Uint8Array.from(reply.inputs, (state) => INPUT_STATES.indexOf(state));
    case 'ostatr':
      return Uint8Array.from(reply.outputs, Number);
    case 'rstatr':
      return Uint8Array.from(reply.readers, (state) => READER_STATES.indexOf(state));
    case 'raw':
      return Uint8Array.of(reply.reader, reply.format, ...u16Bytes(reply.bitCount), ...reply.bits);
    case 'keypad':
      return encodeKeypad(reply);
    case 'com':
      return Uint8Array.of(reply.address, ...u32Bytes(reply.baud));
  }
}

/** The reply in a frame, or why there is none. */
export function decodeReply(code: number, data: Uint8Array): Reply | PayloadFault {
  const reader = new PayloadReader(data);
  switch (code) {
    case REPLY_CODE.ack:
      return data.length === 0 ? { kind: 'ack' } : 'length';
    case REPLY_CODE.busy:
      return data.length === 0 ? { kind: 'busy' } : 'length';
    case REPLY_CODE.nak:
      return data.length === 0 ? 'length' : { kind: 'nak', error: reader.u8(), details: data.slice(1) };
    case REPLY_CODE.pdid:
      return readIdentity(reader);
    case REPLY_CODE.pdcap:
      return readCapabilities(reader);
    case REPLY_CODE.lstatr:
      return data.length === 2
        ? { kind: 'lstatr', tampered: reader.u8() !== 0, powerFailed: reader.u8() !== 0 }
        : 'length';
    case REPLY_CODE.istatr:
      return {
        kind: 'istatr',
        inputs: Array.from(data, (state) => INPUT_STATES[state] ?? 'unknown'),
      };
    case REPLY_CODE.ostatr:
      return { kind: 'ostatr', outputs: Array.from(data, (state) => state !== 0) };
    case REPLY_CODE.rstatr:
      return {
        kind: 'rstatr',
        readers: Array.from(data, (state) => READER_STATES[state] ?? 'disconnected'),
      };
    case REPLY_CODE.raw:
      return readCard(reader);
    case REPLY_CODE.keypad:
      return readKeypad(reader);
    case REPLY_CODE.com:
      return data.length === 5 ? { kind: 'com', address: reader.u8(), baud: reader.u32() } : 'length';
    default:
      return 'unknown-code';
  }
}

function encodeIdentity({ vendor, model, version, serial, firmware }: DeviceIdentity): Uint8Array {
  const oui = Number.parseInt(vendor, 16);
  return Uint8Array.of(
    (oui >> 16) & 0xff,
    (oui >> 8) & 0xff,
    oui & 0xff,
    model,
    version,
    ...u32Bytes(serial),
    firmware.major,
    firmware.minor,
    firmware.build,
  );
}

function encodeKeypad({ reader, keys }: KeypadData): Uint8Array {
  const digits = keysToWire(keys);
  return Uint8Array.of(reader, digits.length, ...digits);
}

function readIdentity(reader: PayloadReader): Reply | PayloadFault {
  const vendor = Array.from(reader.bytes(3), (byte) => byte.toString(16).padStart(2, '0'))
    .join('')
    .toUpperCase();
  const identity: DeviceIdentity = {
    vendor,
    model: reader.u8(),
    version: reader.u8(),
    serial: reader.u32(),
    firmware: { major: reader.u8(), minor: reader.u8(), build: reader.u8() },
  };
  return reader.isExact ? { kind: 'pdid', identity } : 'length';
}

function readCapabilities(reader: PayloadReader): Reply | PayloadFault {
  if (reader.remaining % 3 !== 0) {
    return 'length';
  }
  const capabilities: Capability[] = [];
  while (reader.remaining > 0) {
    capabilities.push({ functionCode: reader.u8(), compliance: reader.u8(), count: reader.u8() });
  }
  return { kind: 'pdcap', capabilities };
}

function readCard(reader: PayloadReader): Reply | PayloadFault {
  const card = { reader: reader.u8(), format: reader.u8(), bitCount: reader.u16() };
  const bits = reader.bytes(Math.ceil(card.bitCount / 8)).slice();
  return reader.isExact ? { kind: 'raw', ...card, bits } : 'length';
}

function readKeypad(reader: PayloadReader): Reply | PayloadFault {
  const number = reader.u8();
  const digits = reader.bytes(reader.u8());
  if (!reader.isExact) {
    return 'length';
  }
  const keys = keysFromWire(digits);
  return keys === undefined ? 'value' : { kind: 'keypad', reader: number, keys };
}
