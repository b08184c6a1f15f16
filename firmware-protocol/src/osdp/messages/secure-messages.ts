import { NO_DATA } from '../frame/frame.ts';
import type { PayloadFault, PayloadReader } from './payload.ts';
import { PayloadWriter, exactly, within } from './payload.ts';

/** A new secure channel base key for the device; only ever sent inside a secure channel (spec 6.19). */
export interface KeysetCommand {
  readonly kind: 'keyset';
  /** 1: SCBK, the only type there is. */
  readonly keyType: number;
  /** 16 bytes. */
  readonly key: Uint8Array;
}

/** First step of the handshake: the panel's random number, 8 bytes (spec 6.20). */
export interface ChlngCommand {
  readonly kind: 'chlng';
  readonly rndA: Uint8Array;
}

/** Third step: the server cryptogram, 16 bytes (spec 6.21). */
export interface ScryptCommand {
  readonly kind: 'scrypt';
  readonly cryptogram: Uint8Array;
}

/** Second step: who the device is (8 bytes), its random number (8 bytes), the client cryptogram (16 bytes) (spec 7.16). */
export interface CcryptReply {
  readonly kind: 'ccrypt';
  readonly clientId: Uint8Array;
  readonly rndB: Uint8Array;
  readonly cryptogram: Uint8Array;
}

/** Last step: the initial R-MAC, 16 bytes; empty when the device refuses, as OSDP-Embedded does with status 0xFF (spec 7.17). */
export interface RmacReply {
  readonly kind: 'rmac';
  readonly rmac: Uint8Array;
}

/** Key type of KEYSET for a secure channel base key. */
export const KEY_TYPE_SCBK = 1;

const KEY_BYTES = 16;
const RANDOM_BYTES = 8;
const CLIENT_ID_BYTES = 8;
const CRYPTOGRAM_BYTES = 16;

export function encodeKeyset({ keyType, key }: KeysetCommand): Uint8Array {
  const writer = new PayloadWriter(2 + KEY_BYTES);
  writer.u8('key type', within('key type', keyType, KEY_TYPE_SCBK, KEY_TYPE_SCBK)).u8('length of key', KEY_BYTES);
  return writer.bytes(exactly('key', key, KEY_BYTES)).data;
}

/** `'value'` for a type of key that nobody has defined. */
export function readKeyset(reader: PayloadReader): KeysetCommand | PayloadFault {
  const keyType = reader.u8();
  const key = reader.bytes(reader.u8());
  if (!reader.isExact) {
    return 'length';
  }
  if (keyType !== KEY_TYPE_SCBK) {
    return 'value';
  }
  return key.length === KEY_BYTES ? { kind: 'keyset', keyType, key } : 'length';
}

export function encodeChlng({ rndA }: ChlngCommand): Uint8Array {
  return exactly('RND.A', rndA, RANDOM_BYTES);
}

export function readChlng(reader: PayloadReader): ChlngCommand | PayloadFault {
  const command: ChlngCommand = { kind: 'chlng', rndA: reader.bytes(RANDOM_BYTES) };
  return reader.isExact ? command : 'length';
}

export function encodeScrypt({ cryptogram }: ScryptCommand): Uint8Array {
  return exactly('server cryptogram', cryptogram, CRYPTOGRAM_BYTES);
}

export function readScrypt(reader: PayloadReader): ScryptCommand | PayloadFault {
  const command: ScryptCommand = { kind: 'scrypt', cryptogram: reader.bytes(CRYPTOGRAM_BYTES) };
  return reader.isExact ? command : 'length';
}

export function encodeCcrypt({ clientId, rndB, cryptogram }: CcryptReply): Uint8Array {
  return new PayloadWriter(CLIENT_ID_BYTES + RANDOM_BYTES + CRYPTOGRAM_BYTES)
    .bytes(exactly('client id', clientId, CLIENT_ID_BYTES))
    .bytes(exactly('RND.B', rndB, RANDOM_BYTES))
    .bytes(exactly('client cryptogram', cryptogram, CRYPTOGRAM_BYTES)).data;
}

export function readCcrypt(reader: PayloadReader): CcryptReply | PayloadFault {
  const reply: CcryptReply = {
    kind: 'ccrypt',
    clientId: reader.bytes(CLIENT_ID_BYTES),
    rndB: reader.bytes(RANDOM_BYTES),
    cryptogram: reader.bytes(CRYPTOGRAM_BYTES),
  };
  return reader.isEnough ? reply : 'length';
}

export function encodeRmac({ rmac }: RmacReply): Uint8Array {
  return rmac.length === 0 ? NO_DATA : exactly('R-MAC', rmac, CRYPTOGRAM_BYTES);
}

export function readRmac(reader: PayloadReader): RmacReply | PayloadFault {
  if (reader.remaining === 0) {
    return { kind: 'rmac', rmac: NO_DATA };
  }
  const reply: RmacReply = { kind: 'rmac', rmac: reader.bytes(CRYPTOGRAM_BYTES) };
  return reader.isEnough ? reply : 'length';
}
