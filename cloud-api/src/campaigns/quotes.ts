import { instant, InvariantError } from '@gatecast/firmware-protocol';
import type { z } from 'zod';
import type { Communities } from '../communities/service.ts';
import type { Community } from '../communities/contract.ts';
import type { Category } from '../content/categories.ts';
import type { Content } from '../content/service.ts';
import { unitOf } from '../inventory/products.ts';
import { unsoldThere } from '../inventory/decision-rules.ts';
import type { Inventory } from '../inventory/service.ts';
import { localDateOf } from '../audience/local-day.ts';
import type { As } from '../platform/auth.ts';
import type { Reads } from '../platform/db/store.ts';
import { notFound, refusal } from '../platform/errors.ts';
import type { Platform } from '../platform/platform.ts';
import type { Answer, Asked, Availability, Found, Ways } from './availability.ts';
import type { Quote, quoteRequest } from './contract.ts';
import type { Claim, Closed } from './demand.ts';
import { plannedWithHoldout } from '../lift/holdouts.ts';
import { linePriceFen } from './line-price.ts';
import { quotedPriceMilliFen } from './quoted-price.ts';
import { offerPeople, peopleWish, soldTo, type PeopleOfferParts } from './people-offer.ts';
import type { Supply } from './supply.ts';
import { usedSoFar } from './used-so-far.ts';
import * as rows from './store.ts';
import {
  inItsZones,
  isSmallEnough,
  readWish,
  widerCommunities,
  widerDays,
  widerHours,
  widerPlacements,
  type Wish,
  type ZoneOf,
} from './wish.ts';

type Seller = As<'operator' | 'merchant'>;

export interface QuoteParts {
  readonly availability: Availability;
  readonly communities: Communities;
  readonly content: Content;
  readonly inventory: Inventory;
}

/** What can be had of a wish, and for how much. */
export interface Priced {
  readonly wish: Wish;
  readonly version: number;
  readonly wantedMilli: number;
  readonly availableMilli: number;
  readonly touchPriceMilliFen: number;
  readonly found: Found;
}

/** Of who is about to take it. */
export interface Taken {
  /** The line item that it replaces, which then is not in its own way. */
  readonly id: string;
  /** What is known of it beside what a wish is asked; default: nothing. */
  readonly closed?: Closed;
}

export interface Quotes {
  /**
   * An exact answer, with wider wishes where it is not enough. Rejects with `invalid-request`, `slot-past`, `slot-too-far` or `not-found`.
   */
  quote(who: Seller, input: z.output<typeof quoteRequest>): Promise<Quote>;
  /** The same of one wish without what could be had instead, for who is about to take it. */
  price(who: Seller, wish: Wish, taken?: Taken): Promise<Priced>;
  read(q: Reads, input: z.output<typeof quoteRequest>): Promise<Wish>;
}

const faults = {
  'invalid-request': 'there are no such days',
  'slot-past': 'these days are over',
  'slot-too-far': 'these days are not on sale yet',
  'line-item-too-large': 'so many communities and half-hours are several line items',
} as const;

/** Of a wish nobody has bought yet. */
const wished = 'wish';
/** More communities that are offered where there are too few. */
const offeredMax = 32;

export function createQuotes(platform: Platform, parts: QuoteParts): Quotes {
  const { store, clock, privacy } = platform;

  const ask = (who: Seller, wish: Wish, wider: Wider) =>
    askFor(store.read, { ...parts, privacy }, who, { wish, wider, id: wished, closed: undefined });
  const priceOf = (found: Found, wish: Wish, supply: Supply) => averagePrice(store.read, parts, found, wish, supply);
  const read = async (q: Reads, input: z.output<typeof quoteRequest>): Promise<Wish> => {
    const wish = readWish(input, await zonesOf(q, parts, input.communityIds), clock.now());
    if (typeof wish === 'string') throw refusal(wish, faults[wish]);
    return wish.product === 'ten-people' ? peopleWish(wish) : wish;
  };

  return {
    read,
    async price(who, wish, { id, closed } = { id: wished }) {
      const own = { ...taking(parts), privacy };
      const usedToday = await usedOf(platform, parts, wish, id);
      const { answer, asked } = await askFor(store.read, own, who, { wish, wider: [], id, closed, usedToday });
      const [found] = answer.found;
      if (!found) throw notFound('line item');
      const touchPriceMilliFen = await priceOf(found, wish, answer.supply);
      const { wantedMilli } = asked;
      return {
        wish: wish.product === 'ten-people' ? { ...wish, communityIds: soldTo(found, answer.supply) } : wish,
        version: answer.version,
        wantedMilli,
        availableMilli: availableOf(found, wantedMilli, asked.claim),
        touchPriceMilliFen,
        found,
      };
    },
    async quote(who, input) {
      const wish = await read(store.read, input);
      const others = await othersThan(store.read, parts, wish);
      const zoneOf = await zonesOf(store.read, parts, [...wish.communityIds, ...others]);
      const zone = zoneOf(wish.communityIds[0] ?? '');
      const few = (steps: readonly Wish[]) => steps.filter((step) => isSmallEnough(step, zoneOf));
      const more = widerCommunities(wish, others).map((step) => inItsZones(step, zoneOf, clock.now()));
      const isOfTouches = unitOf(wish.product) === 'touches';
      const longer: Wider = [
        { kind: 'hours', steps: few(widerHours(wish)) },
        { kind: 'days', steps: few(widerDays(wish, zoneOf, clock.now())) },
      ];
      // People are reached at gates alone.
      const places: Wider = isOfTouches ? [{ kind: 'placements', steps: widerPlacements(wish) }] : [];
      const wider: Wider = [...longer, ...places, { kind: 'communities', steps: few(more) }];
      const { answer, asked } = await ask(who, wish, wider);
      const [found] = answer.found;
      if (!found) throw notFound('line item');
      const { supply, version } = answer;
      const alternatives: Quote['alternatives'] = [];
      for (const one of answer.alternatives) {
        const wide = { ...wish, ...targetingOf(one.asked.claim) };
        const availableMilli = availableOf(one, asked.wantedMilli, one.asked.claim);
        const sharePpm = wish.product === 'share' ? wholePercent(availableMilli, one.reach.expectedMilli) : null;
        if (sharePpm === 0) continue;
        const milli = sharePpm === null ? availableMilli : partOf({ sharePpm }, one.reach.expectedMilli);
        const availableTouches = Math.floor(milli / 1_000);
        const priceFen = linePriceFen(availableTouches, await priceOf(one, wide, supply));
        alternatives.push({ kind: one.kind, availableTouches, priceFen, sharePpm, ...shownTargeting(wide, zone) });
      }
      const touchPriceMilliFen = await priceOf(found, wish, supply);
      const pool = wish.product === 'ten-people' ? await privacy.poolAtLeast(store.read, wish.communityIds) : null;
      return {
        ...shownOffer(found, asked, touchPriceMilliFen),
        unit: unitOf(wish.product),
        poolAtLeast: pool,
        alternatives,
        version,
      };
    },
  };
}

/** For who is about to take what is found. */
const taking = (parts: QuoteParts): QuoteParts => ({
  ...parts,
  availability: { ...parts.availability, ask: (asked) => parts.availability.askToTake(asked) },
});

/** Of its cap a line item that runs may have used some today. */
async function usedOf({ store, clock }: Platform, parts: QuoteParts, wish: Wish, id: string) {
  if (id === wished || wish.dayCapTouches === null) return undefined;
  const zoneOf = await zonesOf(store.read, parts, wish.communityIds);
  return usedSoFar(store.read, id, wish.communityIds, { zoneOf, now: clock.now() });
}

/** With what is to be delivered of it, which is less than what has to be planned where some is held out. */
interface Wanted extends Asked {
  readonly wantedMilli: number;
}

interface AskedFor {
  readonly wish: Wish;
  readonly wider: Wider;
  readonly id: string;
  readonly closed: Closed | undefined;
  readonly usedToday?: Claim['usedToday'] | undefined;
}

/** What is left of a wish, and of the wider ones where it is not enough. */
async function askFor(
  q: Reads,
  parts: QuoteParts & PeopleOfferParts,
  who: Seller,
  { wish, wider, id, closed: closedBeside, usedToday }: AskedFor,
): Promise<{ readonly answer: Answer; readonly asked: Wanted }> {
  const all = [...new Set([wish, ...wider.flatMap(({ steps }) => steps)].flatMap((one) => one.communityIds))];
  const about = await parts.communities.about(q, all);
  for (const communityId of wish.communityIds) if (!about.has(communityId)) throw notFound('community');
  const closedToAny = await closedTo(q, parts, who, wish, [...about.values()]);
  const closed: Closed = (...there) => closedToAny(...there) ?? closedBeside?.(...there) ?? null;
  const of = (one: Wish): Asked => ({ claim: { ...claimOf(one, id), ...(usedToday && { usedToday }) }, closed });
  const ways: Ways[] = wider.map(({ kind, steps }) => ({ kind, steps: steps.map(of) }));
  const asked: Wanted = { ...of(wish), wantedMilli: wantedOf(wish) };
  if (wish.product === 'ten-people') return { answer: await askPeople(q, parts, { wish, asked, ways, id }), asked };
  const answer = await parts.availability.ask([asked], ways);
  if (wish.product !== 'share') return { answer, asked };
  // A share is of what is expected, which is known only now.
  const part = partOf(wish, answer.found[0]?.reach.expectedMilli ?? 0);
  const again = {
    ...asked,
    wantedMilli: part,
    claim: { ...asked.claim, milliTouches: plannedWithHoldout(part, wish.holdoutPpm) },
  };
  // Wider ones are of as many touches: a smaller part of more of them.
  const { milliTouches } = again.claim;
  const widened = ways.map(({ kind, steps }) => ({
    kind,
    steps: steps.map((step) => ({ ...step, claim: { ...step.claim, milliTouches } })),
  }));
  return { answer: await parts.availability.ask([again], widened), asked: again };
}

/** Where it is not enough: of each way the smallest step that is, or the one that gives most if none is and it gives more. */
async function askPeople(
  q: Reads,
  parts: QuoteParts & PeopleOfferParts,
  {
    wish,
    asked,
    ways,
    id,
  }: { readonly wish: Wish; readonly asked: Wanted; readonly ways: readonly Ways[]; readonly id: string },
): Promise<Answer> {
  const { wantedMilli } = asked;
  const category = wish.campaignId === undefined ? undefined : await categoryOf(q, parts, wish.campaignId);
  const offered = async (answer: Answer, found: Found | undefined, { claim }: Asked) =>
    found &&
    offerPeople(q, parts, found, answer.supply, {
      wish: { ...wish, ...targetingOf(claim) },
      wantedMilli,
      category,
      id,
    });
  const only = await parts.availability.ask([asked]);
  const first = await offered(only, only.found[0], asked);
  if (!first || first.quote.fits) return { ...only, found: first ? [first] : [], alternatives: [] };
  // All of one layout: another one may have taken its place meanwhile.
  const answer = await parts.availability.ask([asked, ...ways.flatMap(({ steps }) => steps)]);
  const here = await offered(answer, answer.found[0], asked);
  const alternatives: Answer['alternatives'][number][] = [];
  let n = 1;
  for (const { kind, steps } of ways) {
    const found = answer.found.slice(n, (n += steps.length));
    const there: Answer['alternatives'][number][] = [];
    for (const [at, step] of steps.entries()) {
      const offer = await offered(answer, found[at], step);
      if (offer) there.push({ ...offer, asked: step, kind });
    }
    const best = there.find(({ quote }) => quote.fits) ?? there.toSorted(byAvailable).at(-1);
    if (here && best && byAvailable(here, best) < 0) alternatives.push(best);
  }
  return { ...answer, found: here ? [here] : [], alternatives: here?.quote.fits ? [] : alternatives };
}

const byAvailable = (a: Pick<Found, 'quote'>, b: Pick<Found, 'quote'>): number =>
  a.quote.availableMilliTouches - b.quote.availableMilliTouches;

async function averagePrice(
  q: Reads,
  { inventory }: QuoteParts,
  found: Found,
  wish: Wish,
  supply: Supply,
): Promise<number> {
  const price = await inventory.prices(q, wish.communityIds, { from: wish.from, to: wish.to });
  return quotedPriceMilliFen(found, wish, supply, price);
}

/** The clocks that a line item goes by: those of each of its communities. Rejects with `not-found`. */
async function zonesOf(q: Reads, { communities }: QuoteParts, communityIds: readonly string[]): Promise<ZoneOf> {
  const about = await communities.about(q, communityIds);
  for (const id of communityIds) if (!about.has(id)) throw notFound('community');
  return (id) => {
    const community = about.get(id);
    if (!community) throw new InvariantError('the zones of all communities of a wish are read with it');
    return community.zone;
  };
}

/** The answer in whole touches. */
function shownOffer(found: Found, asked: Wanted, touchPriceMilliFen: number) {
  const { expectedMilli, lowMilli, highMilli, left } = found.reach;
  const requestedTouches = Math.floor(asked.wantedMilli / 1_000);
  const availableTouches = Math.floor(availableOf(found, asked.wantedMilli, asked.claim) / 1_000);
  return {
    requestedTouches,
    availableTouches,
    touchPriceMilliFen,
    priceFen: linePriceFen(availableTouches, touchPriceMilliFen),
    expectedTouches: Math.floor(expectedMilli / 1_000),
    expectedLow: Math.floor(lowMilli / 1_000),
    expectedHigh: Math.floor(highMilli / 1_000),
    plays: Math.ceil(found.quote.takenMilliTouches / 1_000),
    left: [...left].map(([reason, { communities, halfHours }]) => ({
      reason,
      communities: communities.size,
      halfHours,
    })),
  };
}

type Wider = readonly { readonly kind: Ways['kind']; readonly steps: readonly Wish[] }[];

const targetingOf = ({ from, to, days = null, dayparts, placements, segment, communityIds }: Claim) => ({
  from,
  to,
  days,
  dayparts: dayparts.map((one) => ({ ...one, weekdays: [...one.weekdays] })),
  placements: [...placements],
  segment,
  communityIds: [...communityIds],
});

const shownTargeting = ({ communityIds, from, to, days, dayparts, placements }: Wish, zone: string) => ({
  communityIds,
  firstDay: days?.firstDay ?? localDateOf(from, zone),
  lastDay: days?.lastDay ?? localDateOf(instant(to - 1), zone),
  dayparts,
  placements,
});

const wantedOf = ({ product, touches = 0, people = 0 }: Wish): number =>
  (unitOf(product) === 'people' ? people : touches) * 1_000;

function claimOf(wish: Wish, id: string): Claim {
  const { communityIds, from, to, days, dayparts, placements, segment, dayCapTouches } = wish;
  // Whom a holdout leaves out is somebody else.
  const isOfPeople = unitOf(wish.product) === 'people';
  const milliTouches = isOfPeople ? wantedOf(wish) : plannedWithHoldout(wantedOf(wish), wish.holdoutPpm);
  const dayCapMilli = dayCapTouches === null ? null : dayCapTouches * 1_000;
  return { id, communityIds, from, to, days, dayparts, placements, segment, milliTouches, weight: 1, dayCapMilli };
}

const partOf = ({ sharePpm: part = 0 }: Pick<Wish, 'sharePpm'>, expectedMilli: number): number =>
  Math.floor((expectedMilli * part) / 1_000_000 / 1_000) * 1_000;

const ppmOfPercent = 10_000;
/** Which part of what is expected is free, in ppm, rounded down to whole percent. */
const wholePercent = (freeMilli: number, expectedMilli: number): number =>
  expectedMilli === 0 ? 0 : Math.floor((freeMilli * 100) / expectedMilli) * ppmOfPercent;

/** Of what is planned, so much is held out as of what was asked for. */
const availableOf = ({ quote }: Found, wantedMilli: number, { milliTouches }: Claim): number => {
  if (quote.fits) return wantedMilli;
  const { availableMilliTouches: planned } = quote;
  return Math.min(wantedMilli, milliTouches === 0 ? 0 : Math.floor((planned * wantedMilli) / milliTouches));
};

/**
 * What owners, law, permits and hours have against this campaign's clip, or against any where none was named. Read anew for each question: another process may have
 * recorded it since what is for sale was laid out here.
 */
async function closedTo(
  q: Reads,
  { content, inventory }: QuoteParts,
  who: Seller,
  wish: Wish,
  communities: readonly Community[],
): Promise<Closed> {
  const { campaignId } = wish;
  const campaign = campaignId === undefined ? undefined : await rows.findCampaign(q, { id: campaignId });
  const isOwn = campaign && (who.role !== 'merchant' || campaign.merchantId === who.merchantId);
  if (campaignId !== undefined && !isOwn) throw notFound('campaign');
  const category = campaignId === undefined ? null : await categoryOf(q, { content }, campaignId);
  const span = { from: wish.from, to: wish.to };
  const ids = communities.map(({ id }) => id);
  const states = await inventory.sellable(q, ids, span);
  const clipIds = campaign ? [campaign.clipId] : [];
  const admissionIn = await content.admissionsTo(q, communities, clipIds);
  const admissions = new Map(communities.map((community) => [community.id, admissionIn(community)]));
  return (communityId, placement, at) => {
    const state = states.get(communityId);
    const unsold = state ? unsoldThere(state, { at, placement, category }) : null;
    const clipId = campaign?.clipId;
    return unsold ?? (clipId === undefined ? null : (admissions.get(communityId)?.(clipId, at) ?? null));
  };
}

async function categoryOf(
  q: Reads,
  { content }: Pick<QuoteParts, 'content'>,
  campaignId: string,
): Promise<Category | null> {
  const clipId = (await rows.findCampaign(q, { id: campaignId }))?.clipId ?? '';
  return (await content.about(q, [clipId])).get(clipId)?.category ?? null;
}

/** Communities that could be had too, those that are sold first. */
async function othersThan(q: Reads, { communities, inventory }: QuoteParts, wish: Wish): Promise<string[]> {
  const ids = await communities.largest(q, offeredMax + wish.communityIds.length);
  const states = await inventory.sellable(q, ids, { from: wish.from, to: wish.to });
  return ids.filter((id) => states.get(id)?.reason === null && !wish.communityIds.includes(id));
}
