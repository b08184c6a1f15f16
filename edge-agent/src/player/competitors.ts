import { elapsed, type InstantMs } from '@gatecast/firmware-protocol';
import type { PlanEntry } from '@gatecast/firmware-protocol/messages';
import { claimOf, type Credits } from './error-diffusion.ts';
import type { Offer } from './offers.ts';
import type { PlanState } from './plan-state.ts';

type Competing = Pick<PlanEntry, 'campaign' | 'separation'>;

/** Whose entry it is, as far as competition goes. */
export const advertiserOf = ({ campaign, separation }: Competing): string => separation?.advertiser ?? campaign;

/** A competitor was shown here less than the entry's separation ago; a clock that was set back counts as now. */
function isTooNear(entry: Competing, { groups, groupsBy }: PlanState, now: InstantMs): boolean {
  const { separation } = entry;
  const shownAt = separation ? groups[separation.group] : undefined;
  if (!separation || shownAt === undefined || groupsBy[separation.group] === advertiserOf(entry)) return false;
  return Math.abs(elapsed(shownAt, now)) < separation.ms;
}

/**
 * The offers that may not be shown now, by key: those too near to a competitor, and those whose competitor is next. Next in a group is whoever has the
 * greatest claim, and of equal ones who was shown longest ago: else the first at a busy door would be shown again and again, and keep the others away
 * for good.
 */
export function restingOffers(
  offers: readonly Offer[],
  credits: Credits,
  state: PlanState,
  now: InstantMs,
): ReadonlySet<string> {
  const claim = ({ key, weight }: Offer) => claimOf(credits, key, weight);
  const shownAt = ({ delivery }: Offer) => state.deliveries.findLast((d) => d.entry === delivery)?.at ?? 0;
  const isBefore = (a: Offer, b: Offer) => claim(a) > claim(b) || (claim(a) === claim(b) && shownAt(a) < shownAt(b));
  const givesWay = (offer: Offer) =>
    offers.some((rival) => isRival(offer.entry, rival.entry) && isBefore(rival, offer));
  const resting = offers.filter((offer) => isTooNear(offer.entry, state, now) || givesWay(offer));
  return new Set(resting.map(({ key }) => key));
}

const isRival = (a: Competing, b: Competing): boolean =>
  a.separation !== null && a.separation.group === b.separation?.group && advertiserOf(a) !== advertiserOf(b);
