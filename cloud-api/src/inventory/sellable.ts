import { instant, localTime, type InstantMs } from '@gatecast/firmware-protocol';
import type { CommunityReads } from '../communities/reads.ts';
import type { Reads } from '../platform/db/store.ts';
import { refusal, type ErrorCode } from '../platform/errors.ts';
import {
  unsoldThere,
  type DayRange,
  type Offer,
  type Sellable,
  type Unsold,
  type UnsoldThere,
} from './decision-rules.ts';
import * as rows from './store.ts';

/** Half-open. */
export interface Span {
  readonly from: InstantMs;
  readonly to: InstantMs;
}

const dayMs = 86_400_000;

/** What of the communities is for sale in a span; in few questions, however many there are. */
export async function sellable(
  q: Reads,
  communities: Pick<CommunityReads, 'about'>,
  communityIds: readonly string[],
  span: Span,
): Promise<ReadonlyMap<string, Sellable>> {
  const found = await communities.about(q, communityIds);
  const decisions = new Map((await rows.decisionsInForce(q, communityIds)).map((row) => [row.communityId, row]));
  // A day earlier than in Greenwich it is nowhere on earth.
  const firstDay = localTime(instant(Math.max(0, span.from - dayMs)), 'UTC').date;
  const blackouts = await rows.blackoutsFrom(q, communityIds, firstDay);
  const ofCommunity = Map.groupBy(blackouts, ({ communityId }) => communityId);
  const states = [...found.values()].map(({ id, zone }): Sellable => {
    const days = [...(ofCommunity.get(null) ?? []), ...(ofCommunity.get(id) ?? [])].map(rangeOf);
    const decision = decisions.get(id);
    const scope = decision ? scopeOf(decision) : null;
    return { communityId: id, zone, reason: reasonOf(scope, days, zone, span), scope, blackouts: days };
  });
  return new Map(states.map((state) => [state.communityId, state]));
}

export const rangeOf = ({ firstDay, lastDay }: rows.BlackoutRow): DayRange => ({ firstDay, lastDay });
export const scopeOf = ({ placements, hours, excluded, validTo }: rows.DecisionRow) => ({
  placements,
  hours,
  excluded,
  until: validTo,
});

function reasonOf(
  scope: Sellable['scope'],
  blackouts: readonly DayRange[],
  zone: string,
  { from, to }: Span,
): Unsold | null {
  if (!scope) return 'no-owner-decision';
  if (scope.until <= from) return 'decision-expired';
  if (blackouts.length === 0) return null;
  const isDark = (date: string) => blackouts.some(({ firstDay, lastDay }) => firstDay <= date && date <= lastDay);
  return daysOf({ from, to: instant(Math.min(to, scope.until)) }, zone).every(isDark) ? 'blackout' : null;
}

/** The local days that a span touches. */
function daysOf({ from, to }: Span, zone: string): string[] {
  const last = localTime(instant(Math.max(from, to - 1)), zone).date;
  const days = [];
  for (let day = localTime(from, zone).date; day <= last; day = dayAfter(day)) days.push(day);
  return days;
}

/** The calendar's next day. */
export const dayAfter = (day: string): string =>
  new Date(Date.parse(`${day}T00:00:00Z`) + dayMs).toISOString().slice(0, 10);

const sentences: Readonly<Record<UnsoldThere, string>> = {
  'no-owner-decision': 'the owners of this community have not decided that its screens are for sale',
  'decision-expired': 'the decision of the owners of this community is over',
  blackout: 'nothing is sold on this day',
  'outside-decision': 'the owners of this community do not sell this: not this door, hour or kind of advert',
};

/** Rejects with `no-owner-decision`, `decision-expired`, `blackout` or `outside-decision`. */
export function requireSold(state: Sellable, offer: Offer): void {
  const why = unsoldThere(state, offer);
  if (why !== null) throw refusal(why satisfies ErrorCode, sentences[why], { at: offer.at });
}
