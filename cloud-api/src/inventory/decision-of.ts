import type { InstantMs } from '@gatecast/firmware-protocol';
import type { Span } from './sellable.ts';

interface InForce {
  /** Null: never. */
  readonly inForceFrom: InstantMs | null;
  /** When it was replaced or taken back; null: not yet. */
  readonly endedAt: InstantMs | null;
  readonly validTo: InstantMs;
}

/**
 * The decision that whatever is earned in a half-hour is shared by: the one in force when it began, though another may have replaced it since. Where none was,
 * the first that came into force before it ended: nothing paid is shown without one, so that what was shown was shown by that.
 * `decisions`: all that a community ever had in force, oldest first.
 */
export function decisionOf<D extends InForce>(decisions: readonly D[], { from, to }: Span): D | undefined {
  const isInForceAt = ({ inForceFrom, endedAt, validTo }: D, at: InstantMs): boolean =>
    inForceFrom !== null && inForceFrom <= at && at < validTo && (endedAt === null || at < endedAt);
  return (
    decisions.find((one) => isInForceAt(one, from)) ??
    decisions.find((one) => {
      const { inForceFrom } = one;
      return inForceFrom !== null && inForceFrom > from && inForceFrom < to && isInForceAt(one, inForceFrom);
    })
  );
}
