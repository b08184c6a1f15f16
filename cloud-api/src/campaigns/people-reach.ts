/** One gate of a community, as a line item has it. */
export interface GateHours {
  /** Expected on an average day, all hours. */
  readonly perDayMilli: number;
  /** Expected at least in the half-hours of the line item, where its screen is there. */
  readonly chosenMilli: number;
}

/** How often one of a community passes its gate on a day: an interview with the founder of such a network (2019). */
const passesPerDay = 2;
/**
 * People have habits: one passes at that hour each day, another never. The number of passes of a person in some hours is negative binomial over people
 * (Ehrenberg, "The pattern of consumer purchases", Applied Statistics 8, 1959), which outdoor advertising reckons reach by as well. A shape of 1 is on the safe side: the
 * smaller, the more the same people pass again and again, and without habits it would be infinite.
 */
const habitShape = 1;
/** One-sided, of a normal distribution: nineteen times in twenty at least so many come. */
const safety = 1.645;

/** Which part of the people who use a gate pass it at least once, when each does so `passes` times on average. */
export const reachedPart = (passes: number): number => 1 - (1 + passes / habitShape) ** -habitShape;

/**
 * How many people of a pool can be promised to pass where a line item plays, rounded down to whole people. Each belongs to one gate by lot, and may never use it: of several gates only the part
 * is counted that is at the right one. Where `others` line items wait for the same people, each pass shows one of all of them.
 *
 * @param pool people who may be shown it; tens are told to everybody, so that the answer tells no more of a pool than they do.
 */
export function peoplePromised(pool: number, gates: readonly GateHours[], others: number): number {
  const perDay = gates.reduce((sum, gate) => sum + gate.perDayMilli, 0);
  if (perDay === 0) return 0;
  const shown = pool / gates.length;
  const part = gates.reduce((sum, { perDayMilli, chosenMilli }) => {
    const passes = perDayMilli === 0 ? 0 : (passesPerDay * chosenMilli) / perDayMilli;
    return sum + (perDayMilli / perDay) * reachedPart(passes / (others + 1));
  }, 0);
  const expected = shown * part;
  return Math.max(0, Math.floor(expected - safety * Math.sqrt(expected * (1 - part))));
}
