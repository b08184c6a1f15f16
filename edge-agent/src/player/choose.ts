import { days, elapsed, halfHourOf, seconds, type InstantMs } from '@gatecast/firmware-protocol';
import type { Plan, PlanEntry, Segment, TouchEvent, Unbillable } from '@gatecast/firmware-protocol/messages';
import { audienceShares, type AudienceShares } from './audience-shares.ts';
import { diffuse, type Contender } from './error-diffusion.ts';
import { chooseHouse, type PlayableClips } from './choose-house.ts';
import { deliveriesMax, type Delivery, type PlanState } from './plan-state.ts';

export interface Situation {
  readonly plan: Plan | undefined;
  /** Clips that lie complete and verified on this terminal. */
  readonly cached: PlayableClips;
  readonly entrance: string;
  readonly event: TouchEvent;
  /** Null: a billable touch. */
  readonly unbillable: Unbillable | null;
  readonly now: InstantMs;
  /** Id under which the choice will be remembered. */
  readonly decision: string;
}

export interface Choice {
  readonly clip: string;
  /** Null: a house clip. */
  readonly campaign: string | null;
  readonly campaignNo: number | null;
  /** Exposure that the play is worth if somebody could see it; 0 for house clips and unbillable touches. */
  readonly milliTouches: number;
}

/** Within this time a second opening by the same person sees the same clip again. */
const repeatWithin = seconds(30);

/**
 * The clip for one opening, and the state after it. Undefined where no clip can be played.
 * Campaigns are served by error diffusion of the plan's shares; house clips fill the rest. An unbillable touch never spends what a campaign
 * is owed, and a child is never shown a targeted clip.
 */
export function choose(
  state: PlanState,
  situation: Situation,
): { readonly choice: Choice | undefined; readonly state: PlanState } {
  const repeated = repeatedChoice(state, situation);
  if (repeated) return { choice: repeated, state };
  const { plan } = situation;
  if (!plan) return { choice: undefined, state };
  const shares = audienceShares(plan, situation.now);
  const offers = situation.unbillable === null ? offersNow(plan, shares, state, situation) : [];
  const lane = `${situation.entrance}|${situation.event}`;
  const { chosen, credits } = diffuse(state.credits[lane] ?? {}, contenders(offers, state, situation));
  const paced = situation.unbillable === null ? { ...state, credits: { ...state.credits, [lane]: credits } } : state;
  const offer = offers.find((o) => o.key === chosen);
  return offer ? playCampaign(paced, situation, offer) : playHouse(paced, situation, plan, shares);
}

/** The same person is still at the screen: what they saw stays, and is not counted again. */
function repeatedChoice(state: PlanState, { unbillable, entrance, now, cached }: Situation): Choice | undefined {
  const last = state.last[entrance];
  if (unbillable !== 'repeat' || !last || !cached.has(last.clip)) return undefined;
  const age = elapsed(last.at, now);
  if (age < 0 || age > repeatWithin) return undefined;
  return { clip: last.clip, campaign: last.campaign, campaignNo: last.campaignNo, milliTouches: 0 };
}

interface Offer {
  /** The entry in the lane's credits: the same from half-hour to half-hour, so that a campaign's debt is carried on. */
  readonly key: string;
  /** The entry in the deliveries: of this half-hour only. */
  readonly delivery: string;
  readonly entry: PlanEntry;
  readonly weight: number;
  readonly milliTouches: number;
}

/** Entries of this half-hour that are still owed something, can be played and need no consent that the screen has not got. */
function offersNow(plan: Plan, shares: AudienceShares, state: PlanState, situation: Situation): Offer[] {
  const { now, entrance, event, cached } = situation;
  if (now < plan.validFrom || now >= plan.validTo) return [];
  const halfHour = halfHourOf(now);
  const cells = plan.cells.filter((c) => c.at === halfHour && c.entrance === entrance && c.event === event);
  return cells.flatMap((cell) =>
    cell.entries.flatMap((entry) => {
      const key = `${cell.segment}|${entry.campaign}|${entry.clip}`;
      const delivery = `${halfHour}|${entrance}|${event}|${key}`;
      const milliTouches = Math.min(touchWorth(cell.segment, shares), owed(entry, delivery, plan.validFrom, state));
      const weight = Math.floor((entry.sharePpm * (shares[cell.segment] ?? 0)) / 1_000_000);
      const playable = cached.has(entry.clip) && !entry.consent && milliTouches > 0 && weight > 0;
      return playable ? [{ key, delivery, entry, weight, milliTouches }] : [];
    }),
  );
}

const touchWorth = (segment: Segment, shares: AudienceShares) => Math.round((shares[segment] ?? 0) / 1_000);

/** The plan's figure holds from `validFrom` on; what this terminal has delivered since then comes off it. */
function owed(entry: PlanEntry, delivery: string, since: InstantMs, state: PlanState): number {
  let left = entry.remaining * 1_000;
  for (const d of state.deliveries) if (d.entry === delivery && d.at >= since) left -= d.milliTouches;
  return left;
}

const houseKey = 'house';

function contenders(offers: readonly Offer[], state: PlanState, { now }: Situation): Contender[] {
  const sold = offers.reduce((sum, o) => sum + o.weight, 0);
  const rest = Math.max(0, 1_000_000 - sold);
  return [
    ...offers.map((o) => ({ key: o.key, weight: o.weight, barred: isTooNear(o.entry, state, now) })),
    { key: houseKey, weight: rest },
  ];
}

function isTooNear({ separation }: PlanEntry, state: PlanState, now: InstantMs): boolean {
  const shownAt = separation ? state.groups[separation.group] : undefined;
  if (!separation || shownAt === undefined) return false;
  const age = elapsed(shownAt, now);
  return age >= 0 && age < separation.ms;
}

function playCampaign(state: PlanState, situation: Situation, { entry, delivery, milliTouches }: Offer) {
  const { now, decision } = situation;
  const halfHour = halfHourOf(now);
  const { separation, clip, campaign, campaignNo } = entry;
  const made: Delivery = { decision, entry: delivery, halfHour, at: now, milliTouches };
  const choice: Choice = { clip, campaign, campaignNo, milliTouches };
  const next: PlanState = {
    ...state,
    // A clock that was set back may see a later half-hour again.
    deliveries: [...state.deliveries.filter((d) => d.halfHour >= halfHour), made].slice(-deliveriesMax),
    groups: separation ? { ...recentGroups(state, now), [separation.group]: now } : state.groups,
  };
  return { choice, state: remember(next, situation, choice) };
}

/** Separation is a matter of minutes; older memories only cost room. */
function recentGroups(state: PlanState, now: InstantMs): PlanState['groups'] {
  return Object.fromEntries(Object.entries(state.groups).filter(([, at]) => Math.abs(elapsed(at, now)) < days(1)));
}

function playHouse(state: PlanState, situation: Situation, plan: Plan, shares: AudienceShares) {
  const halfHour = halfHourOf(situation.now);
  const credits = state.house?.halfHour === halfHour ? state.house.credits : {};
  const found = chooseHouse(credits, plan.house, shares, situation.cached);
  if (found.clip === undefined) return { choice: undefined, state };
  const choice: Choice = { clip: found.clip, campaign: null, campaignNo: null, milliTouches: 0 };
  const next = { ...state, house: { halfHour, credits: found.credits } };
  return { choice, state: remember(next, situation, choice) };
}

const remember = (
  state: PlanState,
  { entrance, now }: Situation,
  { clip, campaign, campaignNo }: Choice,
): PlanState => ({
  ...state,
  last: { ...state.last, [entrance]: { at: now, clip, campaign, campaignNo } },
});

/** Nobody could see the play: the campaign is owed it again. */
export function giveBack(state: PlanState, decision: string): PlanState {
  return { ...state, deliveries: state.deliveries.filter((d) => d.decision !== decision) };
}

/** The clip that plays while nobody is there: the house clip that suits most of those who come in this half-hour. */
export function ambientClip(plan: Plan | undefined, cached: PlayableClips, now: InstantMs): string | undefined {
  if (!plan) return undefined;
  return chooseHouse({}, plan.house, audienceShares(plan, now), cached).clip;
}
