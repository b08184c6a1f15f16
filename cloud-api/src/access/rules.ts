import { days } from '@gatecast/firmware-protocol';

/** PIN keys are derived per epoch, so that they can be changed without asking anybody for a new PIN at once. */
export const pinEpoch = 1;
/** How long the access log names people. */
export const namesKeptMs = days(90);
