/** PIN keys are derived per epoch, so that they can be changed without asking anybody for a new PIN at once. */
export const pinEpoch = 1;
