/** A line item is behind if the plan leaves out more than this part of what was bought. */
const behindFromPpm = 5_000;
/** Bounds of chance: 95 % of a normal distribution. */
const sigmas = 1.96;

export interface OutlookInput {
  readonly boughtMilli: number;
  readonly deliveredMilli: number;
  /** On its way: planned where nothing is known yet. */
  readonly committedMilli: number;
  /** What the plan has room for of what is still open, hedge included. */
  readonly plannedMilli: number;
}

export interface Outlook {
  readonly expectedMilli: number;
  readonly lowMilli: number;
  readonly highMilli: number;
  readonly isBehind: boolean;
}

/**
 * How a line item is going to end, in milli-touches of its segment: what is known, and what is planned beyond it, give or take what a Poisson count of whole
 * touches leaves to chance. Nothing above what was bought is expected: then it stops.
 */
export function outlookOf({ boughtMilli, deliveredMilli, committedMilli, plannedMilli }: OutlookInput): Outlook {
  const unknownMilli = committedMilli + plannedMilli;
  const expectedMilli = Math.min(Math.max(boughtMilli, deliveredMilli), deliveredMilli + unknownMilli);
  const chance = Math.round(sigmas * Math.sqrt(unknownMilli / 1_000) * 1_000);
  // What is planned on top is there to meet bad luck first.
  const sparedMilli = deliveredMilli + unknownMilli - expectedMilli;
  return {
    expectedMilli,
    lowMilli: Math.max(deliveredMilli, expectedMilli - Math.max(0, chance - sparedMilli)),
    highMilli: expectedMilli + (unknownMilli === 0 ? 0 : sparedMilli),
    isBehind: boughtMilli - expectedMilli > (boughtMilli * behindFromPpm) / 1_000_000,
  };
}
