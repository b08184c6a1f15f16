import { days, type InstantMs } from '@gatecast/firmware-protocol';
import type { Pass } from './pass-contract.ts';

/** PIN keys are derived per epoch, so that they can be changed without asking anybody for a new PIN at once. */
export const pinEpoch = 1;
export const passDaysMax = days(366);
/** How long the access log names people. */
export const namesKeptMs = days(90);

export function passState(
  pass: { readonly from: InstantMs; readonly to: InstantMs | null; readonly revokedAt: InstantMs | null },
  now: InstantMs,
): Pass['state'] {
  if (pass.revokedAt !== null) return 'revoked';
  if (now < pass.from) return 'scheduled';
  return pass.to === null || now < pass.to ? 'active' : 'expired';
}
