import { localTime, type InstantMs } from '@gatecast/firmware-protocol';
import type { Placement } from '@gatecast/firmware-protocol/messages';
import type { DaySpan } from '../communities/children-pass.ts';
import type { Category } from '../content/categories.ts';

/**
 * `waiting`: a property manager handed it in and the operator has not looked. `in-force` also of one whose time is over: what it says ends by itself.
 * `replaced`: a newer decision of the same owners came into force.
 */
export const decisionStatuses = ['waiting', 'in-force', 'refused', 'revoked', 'replaced'] as const;
export type DecisionStatus = (typeof decisionStatuses)[number];

/** Where a decision may go from each state. */
export const decisionTransitions: Readonly<Record<DecisionStatus, readonly DecisionStatus[]>> = {
  waiting: ['in-force', 'refused'],
  'in-force': ['revoked', 'replaced'],
  refused: [],
  revoked: [],
  replaced: [],
};

/** The states from which `to` can be reached, for `UPDATE … WHERE status IN (…)`. */
export const decisionStatesBefore = (to: DecisionStatus): DecisionStatus[] =>
  decisionStatuses.filter((from) => decisionTransitions[from].includes(to));

/** Why a community sells nothing. */
export type Unsold = 'no-owner-decision' | 'decision-expired' | 'blackout';
/** Why a half-hour at a door is not sold, and no paid clip is shown in it. */
export type UnsoldThere = Unsold | 'outside-decision';

/** What the owners allow; nothing beyond it is sold. */
export interface SaleScope {
  readonly placements: readonly Placement[];
  /** Local minutes of each day; none: all day. */
  readonly hours: readonly DaySpan[];
  readonly excluded: readonly Category[];
  /** Where it ends. */
  readonly until: InstantMs;
}

/** Local days, both included. */
export interface DayRange {
  readonly firstDay: string;
  readonly lastDay: string;
}

/** What of a community's screens is for sale. */
export interface Sellable {
  readonly communityId: string;
  readonly zone: string;
  /** Null: something is, as the scope says. */
  readonly reason: Unsold | null;
  /** Null without a decision. */
  readonly scope: SaleScope | null;
  readonly blackouts: readonly DayRange[];
}

/** What a half-hour at a door is to be sold for. */
export interface Offer {
  readonly at: InstantMs;
  /** `any`: it is asked only whether some door is for sale then. */
  readonly placement: Placement | 'any';
  /** Null: not known, or not yet; then no category speaks against it. */
  readonly category: Category | null;
}

/** Null if a half-hour at a door may be sold. */
export function unsoldThere(
  { scope, reason, blackouts, zone }: Sellable,
  { at, placement, category }: Offer,
): UnsoldThere | null {
  if (!scope) return reason ?? 'no-owner-decision';
  if (at >= scope.until) return 'decision-expired';
  const isPlace = placement === 'any' || scope.placements.includes(placement);
  const isAllowed = category === null || !scope.excluded.includes(category);
  const bounds = blackouts.length > 0 || scope.hours.length > 0;
  // Reading the clock on the wall costs more than all the rest.
  const wall = bounds ? localTime(at, zone) : undefined;
  if (wall && blackouts.some(({ firstDay, lastDay }) => firstDay <= wall.date && wall.date <= lastDay))
    return 'blackout';
  const isOpen = !wall || scope.hours.length === 0 || liesWithin(scope.hours, wall.minute);
  return isOpen && isPlace && isAllowed ? null : 'outside-decision';
}

/** True if the whole half-hour that begins at this local minute lies in one of the spans, which begin and end at half-hours. */
const liesWithin = (hours: readonly DaySpan[], minute: number): boolean =>
  hours.some(({ fromMinute, toMinute }) => fromMinute <= minute && minute + 30 <= toMinute);
