import { minutes } from '@gatecast/firmware-protocol';

/*
 * What the code on a screen is worth to a guesser: 8 characters of 32 are 40 bits. One company has 20 wrong tries in a quarter of an hour, 1,920 a
 * day; with as many as 2,000 terminals waiting, a day of guessing finds one with a chance of 1,920 × 2,000 / 2^40, one in 286,000. Whoever hits
 * one still has to say that the digits on a screen far away are the same, and whoever stands before that screen reads the company's name.
 */

/** Crockford's base 32: no I, L, O, U. */
export const codeAlphabet = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';
export const offerCodeLength = 8;

/** How long a code stands on the screen. */
export const codeShownMs = minutes(10);
/** Whoever typed the code has so long to compare the digits and choose an entrance. */
export const seenMs = minutes(15);
/** A machine that has not asked for so long is not waiting any more. */
export const silentOfferMs = minutes(10);
/** Asking is noted this often; a machine asks every few seconds. */
export const noteAskedEveryMs = minutes(1);

/** Machines that wait at a time, of the whole platform and of one network address: an unpacking hall has one address. */
export const offersMax = 2_000;
export const offersPerAddressMax = 50;

export const tryWindowMs = minutes(15);
/** Wrong codes of one company in a window. */
export const wrongCodesMax = 20;

/** Eight characters of 5 bits from the head of a MAC of 5 bytes or more. */
export function codeOf(mac: Uint8Array): string {
  let bits = 0n;
  for (const byte of mac.subarray(0, 5)) bits = (bits << 8n) | BigInt(byte);
  let code = '';
  for (let at = offerCodeLength - 1; at >= 0; at -= 1) code += codeAlphabet[Number((bits >> BigInt(5 * at)) & 31n)];
  return code;
}
