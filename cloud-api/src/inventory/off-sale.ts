import { after, halfHourMs, localTime, type InstantMs } from '@gatecast/firmware-protocol';
import type { Reads } from '../platform/db/store.ts';
import { decisionThen } from './decision-of.ts';
import { unsoldThere, type Offer, type UnsoldThere } from './decision-rules.ts';
import { rangeOf, scopeOf } from './sellable.ts';
import * as rows from './store.ts';

/**
 * What was not for sale in a community when it came, of half-hours from `from` on: as the decision says that was in force then, though another may be now, and
 * as black-outs close it that were known then and nobody has lifted since.
 */
export async function unsoldThen(
  q: Reads,
  { id, zone }: { readonly id: string; readonly zone: string },
  from: InstantMs,
): Promise<(offer: Offer) => UnsoldThere | null> {
  const decisions = await rows.decisionsEver(q, id);
  const closed = await rows.blackoutsFrom(q, [id], localTime(from, zone).date);
  return (offer) => {
    const to = after(offer.at, halfHourMs);
    const decision = decisionThen(decisions, { from: offer.at, to });
    const scope = decision ? scopeOf(decision) : null;
    const blackouts = closed.filter(({ createdAt }) => createdAt < to).map(rangeOf);
    return unsoldThere({ communityId: id, zone, reason: null, scope, blackouts }, offer);
  };
}
