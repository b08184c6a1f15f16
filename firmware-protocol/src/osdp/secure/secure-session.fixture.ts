import { cbcByANewObject } from '../../node/aes-cbc.fixture.ts';
import { aes128 } from '../../node/aes.ts';
import { MAC_BYTES, decodeFrame, layOutFrame, writeCheck } from '../frame/frame.ts';
import type { FrameDirection, OsdpFrame } from '../frame/frame.ts';
import type { SecureContent } from './secure-session.ts';
import { SecureSession } from './secure-session.ts';
import type { SessionKeys } from './session-keys.ts';
import { SCBK_D, deriveSessionKeys, initialRmac, serverCryptogram } from './session-keys.ts';

const rndA = Uint8Array.from([1, 2, 3, 4, 5, 6, 7, 8]);
const rndB = Uint8Array.from([8, 7, 6, 5, 4, 3, 2, 1]);

const derived: Uint8Array[] = [];
export const sessionKeys: SessionKeys = deriveSessionKeys(recordingCipher, SCBK_D, rndA);
export const firstRmac: Uint8Array = initialRmac(sessionKeys, serverCryptogram(sessionKeys, rndA, rndB));

function recordingCipher(key: Uint8Array) {
  derived.push(key);
  return aes128(key);
}

/** The MAC as the specification words it: a new cipher for each key and message, and nothing computed ahead. */
export function macByTheBook(icv: Uint8Array, message: Uint8Array): Uint8Array {
  const [, , mac1 = rndA, mac2 = rndA] = derived;
  const padded = new Uint8Array(Math.ceil(message.length / 16) * 16);
  padded.set([...message, 0x80].slice(0, padded.length));
  const first = cbcByANewObject(mac1, icv, padded.subarray(0, -16));
  return cbcByANewObject(mac2, first.length === 0 ? icv : first.subarray(-16), padded.subarray(-16));
}

/** Whole blocks as they travel, without the padding that belongs to them. */
export function sealedUnpadded(icv: Uint8Array, blocks: Uint8Array): Uint8Array {
  const [, enc = rndA] = derived;
  const start = icv.map((byte) => ~byte);
  return cbcByANewObject(enc, start, blocks);
}

export function newSession(): SecureSession {
  return new SecureSession({ keys: sessionKeys, rmac: firstRmac });
}

export function content(code: number, data: readonly number[] = [], sequence: 0 | 1 | 2 | 3 = 1): SecureContent {
  return { address: 5, sequence, check: 'crc', code, data: Uint8Array.from(data) };
}

export function received(bytes: Uint8Array): OsdpFrame {
  const frame = decodeFrame(bytes);
  if (typeof frame === 'string') {
    throw new Error(`refused: ${frame}`);
  }
  return frame;
}

/** A frame with a good MAC that {@link SecureSession} would never make: any type of block, data as given. */
export function peculiarFrame(
  direction: FrameDirection,
  type: number,
  icv: Uint8Array,
  { code, data, sequence }: SecureContent,
): { frame: OsdpFrame; mac: Uint8Array } {
  const security = { type, data: new Uint8Array() };
  const laidOut = { direction, address: 5, sequence, check: 'crc', security, code, data, mac: undefined } as const;
  const bytes = layOutFrame(laidOut, false, MAC_BYTES);
  const macAt = bytes.length - 2 - MAC_BYTES;
  const mac = macByTheBook(icv, bytes.subarray(0, macAt));
  bytes.set(mac.subarray(0, MAC_BYTES), macAt);
  writeCheck(bytes, 0, 'crc');
  return { frame: received(bytes), mac };
}
