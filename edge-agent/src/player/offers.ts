import { halfHourOf, type InstantMs } from '@gatecast/firmware-protocol';
import type { Plan, PlanCell, PlanEntry } from '@gatecast/firmware-protocol/messages';
import type { AudienceShares } from './audience-shares.ts';
import { isCapped } from './frequency-cap.ts';
import type { PlanState } from './plan-state.ts';
import { mayReach } from './reached-people.ts';
import type { Situation } from './choose.ts';

/** A campaign's claim on this play. */
export interface Offer {
  /** The entry in the lane's credits: the same from half-hour to half-hour, so that a campaign's debt is carried on. */
  readonly key: string;
  /** The entry in the deliveries: of this half-hour only. */
  readonly delivery: string;
  readonly entry: PlanEntry;
  readonly weight: number;
  readonly milliTouches: number;
}

/** Half-open, as all intervals. */
export const isInForce = ({ validFrom, validTo }: Plan, now: InstantMs): boolean => now >= validFrom && now < validTo;

/** The cells that apply to this opening; none outside the plan's time. */
export function cellsNow(
  plan: Plan,
  { now, halfHour = halfHourOf(now), entrance, event }: Situation,
): readonly PlanCell[] {
  if (!isInForce(plan, now)) return [];
  return plan.cells.filter((c) => c.at === halfHour && c.entrance === entrance && c.event === event);
}

export const offerKey = ({ segment }: PlanCell, { campaign, clip, people }: PlanEntry): string =>
  [segment, campaign, clip, ...(people ? [people.lineItem] : [])].join('|');

/** Entries that are still owed something and that whoever stands here may be shown. */
export function offersOf(
  cells: readonly PlanCell[],
  plan: Plan,
  shares: AudienceShares,
  state: PlanState,
  situation: Situation,
): readonly Offer[] {
  return cells.flatMap((cell) =>
    cell.entries.flatMap((entry) => {
      const key = offerKey(cell, entry);
      const delivery = `${cell.at}|${cell.entrance}|${cell.event}|${key}`;
      const worthPpm = worthOf(cell, shares, situation);
      const milliTouches = Math.min(Math.round(worthPpm / 1_000), owed(entry, delivery, plan.validFrom, state));
      const weight = entry.touchSharePpm ?? Math.floor((entry.sharePpm * (shares[cell.segment] ?? 0)) / 1_000_000);
      const isOffered = weight > 0 && milliTouches > 0 && mayBeShown(entry, state, situation);
      return isOffered ? [{ key, delivery, entry, weight, milliTouches }] : [];
    }),
  );
}

/** What this touch counts for the cell's segment: an expected part, as nobody's segment is known, but of who said theirs. */
function worthOf({ segment, worthPpm, exact }: PlanCell, shares: AudienceShares, { group = null }: Situation): number {
  if (exact && group !== null && segment !== 'all') return segment === group ? wholePpm : 0;
  return worthPpm ?? shares[segment] ?? 0;
}
const wholePpm = 1_000_000;

/** There, agreed to, not seen too often, and not seen at this very touch. */
function mayBeShown(entry: PlanEntry, state: PlanState, situation: Situation): boolean {
  const { cached, pseudonym, now, shownBefore } = situation;
  return (
    cached.has(entry.clip) &&
    (!entry.consent || pseudonym !== null) &&
    !shownBefore.some(({ campaign, insteadOf }) => (campaign ?? insteadOf) === entry.campaign) &&
    !isCapped(entry, state.sightings, pseudonym, now) &&
    mayReach(entry, state, situation)
  );
}

/** The plan's figure holds from `validFrom` on; what this terminal has delivered since then comes off it. */
function owed(entry: PlanEntry, delivery: string, since: InstantMs, state: PlanState): number {
  let left = entry.remaining * 1_000;
  for (const d of state.deliveries) if (d.entry === delivery && d.at >= since) left -= d.milliTouches;
  return left;
}
