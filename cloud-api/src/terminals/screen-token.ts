import { createHmac, timingSafeEqual } from 'node:crypto';

/** 80 bits, as in the QR links of clips. */
const macBytes = 10;
const numberBytes = 4;

/**
 * Names a screen to whoever stands before it: its number and a MAC under its own key, in base64url. Nobody can complain of screens by counting.
 */
export function screenToken(terminalNo: number, key: Uint8Array): string {
  const number = Buffer.alloc(numberBytes);
  number.writeUInt32BE(terminalNo);
  return Buffer.concat([number, macOf(number, key)]).toString('base64url');
}

/** The terminal's number that a token claims; undefined for what is no token. Whether it is ours says `isScreenToken`. */
export function claimedNumber(token: string): number | undefined {
  const bytes = Buffer.from(token, 'base64url');
  const isWhole = bytes.length === numberBytes + macBytes && bytes.toString('base64url') === token;
  return isWhole ? bytes.readUInt32BE() : undefined;
}

/** Compared in constant time. */
export function isScreenToken(token: string, terminalNo: number, key: Uint8Array): boolean {
  const [given, expected] = [Buffer.from(token), Buffer.from(screenToken(terminalNo, key))];
  return given.length === expected.length && timingSafeEqual(given, expected);
}

const macOf = (number: Uint8Array, key: Uint8Array): Buffer =>
  createHmac('sha256', key).update('screen').update(number).digest().subarray(0, macBytes);
