import { createHash } from 'node:crypto';
import { pairingContext, pairingPreimage } from '../messages/offer.ts';

const digitCount = 20;
const hashBytes = 16;

/**
 * What two people, or one between two screens, compare: 20 digits (66 bits) of SHA-256 over the terminal's keys and the keys that it is about to pin.
 * Somebody in between who swaps a key would have to find one with the same digits: 2^66 key pairs, while the code on the screen lasts.
 */
export function pairingDigits(...ends: Parameters<typeof pairingPreimage>): string {
  const hash = createHash('sha256')
    .update(`${pairingContext}\n${pairingPreimage(...ends)}`)
    .digest('hex');
  const number = BigInt(`0x${hash.slice(0, 2 * hashBytes)}`) % 10n ** BigInt(digitCount);
  return number
    .toString()
    .padStart(digitCount, '0')
    .replace(/(.{4})(?=.)/g, '$1 ');
}
