import { createHmac } from 'node:crypto';
import type { InstantMs } from '@gatecast/firmware-protocol';
import type { TouchEvent } from '@gatecast/firmware-protocol/messages';

/** Fewer touches than this are not told at all. */
const touchesTold = 10;

/**
 * From ten touches on, one more or less changes the odds of any published count by a factor of at most e. Whether there were ten is not hidden so:
 * below, nothing is ever told.
 */
const epsilon = 1;

/**
 * A count as it may leave the door: two-sided geometric noise (A. Ghosh et al., 2009), null below k = 10 before or after the noise.
 * The noise comes from the terminal's secret, so that asking twice tells no more than asking once.
 */
export function noisedTouches(
  secret: Uint8Array,
  at: InstantMs,
  entrance: string,
  event: TouchEvent,
  count: number,
): number | null {
  const random = createHmac('sha256', secret).update(`${at}|${entrance}|${event}`).digest();
  const noised = count + geometric(random.readUInt32BE(0)) - geometric(random.readUInt32BE(4));
  return count < touchesTold || noised < touchesTold ? null : noised;
}

/** Failures before the first success, each failure with odds e^−ε, from 32 uniform bits. */
const geometric = (bits: number) => Math.floor(Math.log((bits + 1) / 2 ** 32) / -epsilon);
