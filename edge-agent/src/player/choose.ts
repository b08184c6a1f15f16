import { days, elapsed, halfHourOf, minutes, seconds, type InstantMs } from '@gatecast/firmware-protocol';
import type { OwnGroup, Plan, PlanCell, TouchEvent, Unbillable } from '@gatecast/firmware-protocol/messages';
import { audienceShares, type AudienceShares } from './audience-shares.ts';
import { chooseHouse, type PlayableClips } from './choose-house.ts';
import { advertiserOf, restingOffers } from './competitors.ts';
import { diffuse, type Contender, type Credits } from './error-diffusion.ts';
import { runningSightings, type Sighting } from './frequency-cap.ts';
import { cellsNow, isInForce, offerKey, offersOf, type Offer } from './offers.ts';
import { deliveriesMax, type Delivery, type PlanState } from './plan-state.ts';
import { noteReached, unreach, type PersonDraw } from './reached-people.ts';

export interface Situation {
  readonly plan: Plan | undefined;
  /** Clips that lie complete and verified on this terminal and may be played now. */
  readonly cached: PlayableClips;
  readonly entrance: string;
  readonly event: TouchEvent;
  /** Null: a billable touch. */
  readonly unbillable: Unbillable | null;
  /** Who was let in, if they opted in; null for everybody else. Means nothing but "the same as last time". */
  readonly pseudonym: string | null;
  /** To which group they said that they belong; none for everybody else. */
  readonly group?: OwnGroup | null;
  /** What this touch was shown already, oldest first; empty for its first clip. */
  readonly shownBefore: readonly Pick<Choice, 'clip' | 'campaign' | 'insteadOf'>[];
  /** Who of those who opted in is held out of a campaign; without it nobody is shown what holds anybody out. */
  readonly draw?: PersonDraw | undefined;
  readonly now: InstantMs;
  /** That the touch began in and counts in, where somebody still waits after its end; default: that of `now`. */
  readonly halfHour?: InstantMs;
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
  /** The line item that stops at so many people, if this is one more of them. */
  readonly reached?: string;
  /** The campaign whose turn it was, on a day on which it is held out. */
  readonly insteadOf?: string;
}

/** Undefined where no clip can be played. */
interface Turn {
  readonly choice: Choice | undefined;
  readonly state: PlanState;
}

/** Within this time a second opening by the same person sees the same clip again. */
const repeatWithin = seconds(30);

/**
 * The clip for one opening, and the state after it; the same inputs always give the same clip.
 * Campaigns are served by error diffusion of the plan's shares; house clips fill the rest. An unbillable touch never spends what a campaign
 * is owed, and a child is never shown a targeted clip.
 *
 * While a touch lasts longer than its clip (somebody waits for the lift), call it again with what the touch was shown before, each time with a decision of
 * its own: a campaign is shown at most once to a touch, so that each can count once, and no house clip follows itself if there is another. These
 * further clips have debts of their own: whether anybody is still there to see them says nothing about who is owed the next touch.
 */
export function choose(state: PlanState, situation: Situation): Turn {
  const repeated = repeatedChoice(state, situation);
  if (repeated) return repeated;
  const { plan, unbillable, now } = situation;
  if (!plan) return { choice: undefined, state };
  const shares = audienceShares(plan, situation.halfHour ?? now);
  if (unbillable !== null) return playHouse(state, situation, plan, shares);
  const cells = cellsNow(plan, situation);
  const offers = offersOf(cells, plan, shares, state, situation);
  const lane = laneOf(situation);
  const credits = creditsOf(state.credits[lane] ?? {}, cells);
  const turn = diffuse(credits, contenders(offers, restingOffers(offers, credits, state, now)));
  const paced = { ...state, credits: { ...state.credits, [lane]: { ...credits, ...turn.credits } } };
  const offer = offers.find((o) => o.key === turn.chosen);
  if (!offer) return playHouse(paced, situation, plan, shares);
  if (offer.entry.heldOut) return playInstead(paced, situation, offer, playHouse(paced, situation, plan, shares));
  return playCampaign(paced, situation, offer);
}

const laneOf = ({ entrance, event, shownBefore }: Situation): string =>
  shownBefore.length === 0 ? `${entrance}|${event}` : `${entrance}|${event}|more`;

const houseKey = 'house';

/** Debts of what these cells name. An entry that this person may not be shown keeps its own for the next one. */
function creditsOf(credits: Credits, cells: readonly PlanCell[]): Credits {
  const named = new Set(cells.flatMap((cell) => cell.entries.map((entry) => offerKey(cell, entry))));
  return Object.fromEntries(Object.entries(credits).filter(([key]) => named.has(key)));
}

function contenders(offers: readonly Offer[], resting: ReadonlySet<string>): Contender[] {
  const sold = offers.reduce((sum, o) => sum + o.weight, 0);
  const rest = Math.max(0, 1_000_000 - sold);
  return [
    ...offers.map((o) => ({ key: o.key, weight: o.weight, barred: resting.has(o.key) })),
    { key: houseKey, weight: rest },
  ];
}

/** The same person is still at the screen: what they saw stays, and is not counted again. */
function repeatedChoice(state: PlanState, situation: Situation): Turn | undefined {
  const { unbillable, entrance, now, cached, plan, shownBefore } = situation;
  const last = state.last[entrance];
  if (unbillable !== 'repeat' || shownBefore.length > 0 || !last || !cached.has(last.clip)) return undefined;
  const age = elapsed(last.at, now);
  if (age < 0 || age > repeatWithin) return undefined;
  if (last.campaign !== null && !(plan && isInForce(plan, now))) return undefined;
  const choice = { clip: last.clip, campaign: last.campaign, campaignNo: last.campaignNo, milliTouches: 0 };
  const { separation } = last;
  if (!separation) return { choice, state };
  // A competitor has been shown at another door of this terminal since.
  if (state.groups[separation.group] !== separation.shownAt) return undefined;
  const again = { ...last, separation: { ...separation, shownAt: now } };
  return {
    choice,
    state: {
      ...state,
      groups: { ...state.groups, [separation.group]: now },
      last: { ...state.last, [entrance]: again },
    },
  };
}

/**
 * A turn of a campaign that is held out: a house clip, which counts for nobody. The entry uses its turns up as on any other day, so that the other campaigns
 * get what they get then.
 */
function playInstead(state: PlanState, situation: Situation, offer: Offer, house: Turn): Turn {
  if (!house.choice) return { choice: undefined, state };
  const choice: Choice = { ...house.choice, insteadOf: offer.entry.campaign };
  return { choice, state: { ...house.state, deliveries: deliveredWith(house.state, situation, offer) } };
}

function deliveredWith(
  { deliveries }: PlanState,
  { now, decision, halfHour = halfHourOf(now) }: Situation,
  { delivery, milliTouches }: Offer,
): readonly Delivery[] {
  const made: Delivery = { decision, entry: delivery, halfHour, at: now, milliTouches };
  // A clock that was set back may see a later half-hour again.
  return [...deliveries.filter((d) => d.halfHour >= halfHour), made].slice(-deliveriesMax);
}

function playCampaign(state: PlanState, situation: Situation, offer: Offer): Turn {
  const { entry, milliTouches } = offer;
  const { now, decision, pseudonym } = situation;
  const { separation, clip, campaign, campaignNo, cap, people } = entry;
  const running = runningSightings(state.sightings, now);
  const seen: Sighting[] =
    cap && pseudonym !== null ? [{ decision, pseudonym, campaign, at: now, windowMs: cap.windowMs }] : [];
  const next: PlanState = {
    ...state,
    deliveries: deliveredWith(state, situation, offer),
    ...(separation && shownInGroup(state, separation.group, advertiserOf(entry), now)),
    sightings: seen.length > 0 ? [...running, ...seen] : running,
    reached: pseudonym === null ? state.reached : noteReached(state.reached, entry, { decision, pseudonym }),
  };
  const choice: Choice = { clip, campaign, campaignNo, milliTouches, ...(people && { reached: people.lineItem }) };
  // What is meant for one person, or counted for them, is not shown again to whoever comes next.
  const isPersonal = entry.consent || seen.length > 0;
  return {
    choice,
    state: isPersonal ? forget(next, situation) : remember(next, situation, choice, separation?.group),
  };
}

/** Separation is a matter of minutes; older memories only cost room. */
function shownInGroup(
  { groups, groupsBy }: PlanState,
  group: string,
  advertiser: string,
  now: InstantMs,
): Pick<PlanState, 'groups' | 'groupsBy'> {
  const recent = Object.entries(groups).filter(([, at]) => Math.abs(elapsed(at, now)) < days(1));
  const owners = recent.flatMap(([name]) => (groupsBy[name] === undefined ? [] : [[name, groupsBy[name]] as const]));
  return {
    groups: { ...Object.fromEntries(recent), [group]: now },
    groupsBy: { ...Object.fromEntries(owners), [group]: advertiser },
  };
}

function playHouse(state: PlanState, situation: Situation, plan: Plan, shares: AudienceShares): Turn {
  const halfHour = halfHourOf(situation.now);
  const credits = state.house?.halfHour === halfHour ? state.house.credits : {};
  const before = situation.shownBefore.at(-1)?.clip;
  const found = chooseHouse(credits, plan.house, shares, situation.cached, before);
  if (found.clip === undefined) return { choice: undefined, state };
  const choice: Choice = { clip: found.clip, campaign: null, campaignNo: null, milliTouches: 0 };
  const next = { ...state, house: { halfHour, credits: found.credits } };
  return { choice, state: remember(next, situation, choice) };
}

/** What whoever opens again within half a minute sees again: the first clip of the touch. */
function remember(state: PlanState, situation: Situation, choice: Choice, group?: string): PlanState {
  const { entrance, now, shownBefore } = situation;
  if (shownBefore.length > 0) return state;
  const { clip, campaign, campaignNo } = choice;
  const separation = group === undefined ? null : { group, shownAt: now };
  return { ...state, last: { ...state.last, [entrance]: { at: now, clip, campaign, campaignNo, separation } } };
}

function forget(state: PlanState, { entrance, shownBefore }: Situation): PlanState {
  if (shownBefore.length > 0) return state;
  const { [entrance]: _last, ...last } = state.last;
  return { ...state, last };
}

/** Nobody could see the play: the campaign is owed it again, and it counts for nobody's cap. */
export function giveBack(state: PlanState, decision: string): PlanState {
  return {
    ...state,
    deliveries: state.deliveries.filter((d) => d.decision !== decision),
    sightings: state.sightings.some((s) => s.decision === decision)
      ? state.sightings.filter((s) => s.decision !== decision)
      : state.sightings,
    reached: unreach(state.reached, decision),
  };
}

/** How long one house clip repeats while nobody is there. Each turn is one row of the journal, so that a month offline has room. */
const ambientTurnMs = minutes(2);

/** The number of the house clips' turn that this moment lies in; a half-hour begins with a new one. */
export const ambientTurnOf = (now: InstantMs): number => Math.floor(now / ambientTurnMs);

/**
 * The clip that plays while nobody is there. A half-hour begins with the house clip that suits most of those who come in it; every two minutes it is the
 * turn of the next, each as often as its part of the audience. It follows from the hour alone, so that a restart changes nothing.
 */
export function ambientClip(plan: Plan | undefined, cached: PlayableClips, now: InstantMs): string | undefined {
  if (!plan) return undefined;
  const shares = audienceShares(plan, now);
  const turns = Math.floor(elapsed(halfHourOf(now), now) / ambientTurnMs);
  let found = chooseHouse({}, plan.house, shares, cached);
  for (let turn = 0; turn < turns; turn += 1)
    found = chooseHouse(found.credits, plan.house, shares, cached, found.clip);
  return found.clip;
}
