import type { InstantMs } from '@gatecast/firmware-protocol';
import type { Span } from './sellable.ts';

interface InForce {
  /** Null: never. */
  readonly inForceFrom: InstantMs | null;
  /** When it was replaced or taken back; null: not yet. */
  readonly endedAt: InstantMs | null;
  readonly validTo: InstantMs;
}

/** When it ceased to hold. */
const endOf = ({ endedAt, validTo }: InForce): InstantMs => (endedAt !== null && endedAt < validTo ? endedAt : validTo);

/**
 * The decision by which a half-hour was for sale: the one in force when it began, though another may have replaced it since. Where none was, the first that came
 * into force before it ended. `decisions`: all that a community ever had in force, oldest first.
 */
export function decisionThen<D extends InForce>(decisions: readonly D[], { from, to }: Span): D | undefined {
  const isInForceAt = (one: D, at: InstantMs): boolean =>
    one.inForceFrom !== null && one.inForceFrom <= at && at < endOf(one);
  return (
    decisions.find((one) => isInForceAt(one, from)) ??
    decisions.find((one) => {
      const { inForceFrom } = one;
      return inForceFrom !== null && inForceFrom > from && inForceFrom < to && isInForceAt(one, inForceFrom);
    })
  );
}

/**
 * The decision that whatever is earned in a half-hour is shared by: the one by which it was for sale. Where it was not, the one that ended last before it: a screen
 * that has not heard of that shows what it has for some days, and nobody keeps the owners' part of it.
 */
export function decisionOf<D extends InForce>(decisions: readonly D[], span: Span): D | undefined {
  const over = decisions.filter(
    (one) => one.inForceFrom !== null && one.inForceFrom < endOf(one) && endOf(one) <= span.from,
  );
  return decisionThen(decisions, span) ?? over.toSorted((a, b) => endOf(b) - endOf(a))[0];
}
