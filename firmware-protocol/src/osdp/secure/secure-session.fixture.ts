import { aes128 } from '../../node/aes.ts';
import { MAC_BYTES, decodeFrame, layOutFrame, writeCheck } from '../frame/frame.ts';
import type { FrameDirection, OsdpFrame } from '../frame/frame.ts';
import { macOf } from './cbc.ts';
import type { SecureContent } from './secure-session.ts';
import { SecureSession } from './secure-session.ts';
import type { SessionKeys } from './session-keys.ts';
import { SCBK_D, deriveSessionKeys, initialRmac, serverCryptogram } from './session-keys.ts';

const rndA = Uint8Array.from([1, 2, 3, 4, 5, 6, 7, 8]);
const rndB = Uint8Array.from([8, 7, 6, 5, 4, 3, 2, 1]);

export const sessionKeys: SessionKeys = deriveSessionKeys(aes128, SCBK_D, rndA);
export const firstRmac: Uint8Array = initialRmac(sessionKeys, serverCryptogram(sessionKeys, rndA, rndB));

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
  const mac = macOf(sessionKeys, icv, bytes, 0, macAt);
  bytes.set(mac.subarray(0, MAC_BYTES), macAt);
  writeCheck(bytes, 0, 'crc');
  return { frame: received(bytes), mac };
}
