/** Digits of a pick-up code. */
const pickupCodeDigits = 8;

/** A code from eight random bytes, evenly spread: `00000000` to `99999999`. */
export function pickupCodeFrom(random: Uint8Array): string {
  let n = 0n;
  for (const byte of random) n = (n << 8n) | BigInt(byte);
  return String(n % 10n ** BigInt(pickupCodeDigits)).padStart(pickupCodeDigits, '0');
}

/** How often a merchant may try a wrong code in a window before having to wait: guessing 10^8 codes must stay hopeless. */
export const wrongCodesMax = 10;
const wrongCodesWindowMs = 60_000;

/** The window that a moment lies in. */
export const attemptWindow = (now: number): number => now - (now % wrongCodesWindowMs);

/** What the state of a code means for the one who shows it. */
export type PickupStatus = 'active' | 'used' | 'void';
export const pickupTransitions: Readonly<Record<PickupStatus, readonly PickupStatus[]>> = {
  active: ['used', 'void'],
  used: [],
  void: [],
};
