import { after, fen, halfHourMs, instant, minutes, newId, type Fen, type InstantMs } from '@gatecast/firmware-protocol';
import type { z } from 'zod';
import type { Communities } from '../communities/service.ts';
import type { Inadmissible } from '../content/categories.ts';
import type { Content } from '../content/service.ts';
import { mayBeSoldAs } from '../inventory/products.ts';
import type { Inventory } from '../inventory/service.ts';
import type { Merchants } from '../merchants/service.ts';
import type { As } from '../platform/auth.ts';
import type { Tx } from '../platform/db/store.ts';
import { notFound, refusal } from '../platform/errors.ts';
import { once, type Call } from '../platform/idempotency.ts';
import type { Platform } from '../platform/platform.ts';
import type { Settlement } from '../settlement/service.ts';
import { emitBooking } from './booking-events.ts';
import { requireOwnDays } from './campaign-cap.ts';
import { claim, whileFresh } from './claim-changes.ts';
import type { newBooking, newLineItem } from './contract.ts';
import type { Product } from './line-item.ts';
import { linePriceFen } from './line-price.ts';
import type { Priced, Quotes } from './quotes.ts';
import { bookingPrice } from './rules.ts';
import * as rows from './store.ts';
import { onlyHalfHour, soldAheadMs, type Wish } from './wish.ts';

export type BookingInput = z.output<typeof newBooking> | z.output<typeof newLineItem>;

export interface HoldParts {
  readonly communities: Communities;
  readonly content: Content;
  readonly inventory: Inventory;
  readonly merchants: Merchants;
  readonly quotes: Quotes;
  readonly settlement: Settlement;
}

/** How long touches are kept for somebody who has not paid. */
const holdMs = minutes(10);

/** A sale that was prepared outside the transaction, or why it cannot be. */
type Prepared = { readonly priced: Priced } | { readonly refused: unknown };

/**
 * Holds a line item until it is paid; gives its id. What is left is computed before the transaction, which is small, and claimed in it. Rejects with
 * `slot-misaligned`, `slot-past`, `slot-too-far`, `slot-sold-out`, `price-changed`, `pool-too-small`, `few-pass`, `cap-overlaps`, `inventory-busy`, as `inventory.requireSold` and
 * `merchants.mayPay` say, with `clip-not-approved` or `not-found`.
 */
export function createHold(platform: Platform, parts: HoldParts) {
  const { store, clock } = platform;

  const prepare = async (who: As<'merchant'>, input: BookingInput): Promise<Prepared> => {
    try {
      const wish = await wishOf(platform, parts, input);
      return { priced: await parts.quotes.price(who, { ...wish, campaignId: input.campaignId }) };
    } catch (refused) {
      return { refused };
    }
  };

  return (who: As<'merchant'>, input: BookingInput, call: Call): Promise<string> =>
    whileFresh(async () => {
      const prepared = await prepare(who, input);
      // A repeat is answered with what was held then, whatever is left now.
      return store.tx((q) =>
        once(q, clock, call, async () => {
          if ('refused' in prepared) throw prepared.refused;
          return hold(platform, parts, q, who, { input, ...prepared });
        }),
      );
    });
}

async function wishOf({ store, clock }: Platform, { quotes }: HoldParts, input: BookingInput): Promise<Wish> {
  if (!('at' in input)) {
    const quantity = { touches: input.touches, share: input.sharePpm, 'ten-people': input.people }[input.product];
    if (quantity === undefined) throw refusal('invalid-request', 'a line item says how much of its product it is of');
    return quotes.read(store.read, input);
  }
  if (input.at % halfHourMs !== 0) throw refusal('slot-misaligned', 'slots begin at the half-hour');
  const now = clock.now();
  if (input.at + halfHourMs <= now) throw refusal('slot-past', 'this half-hour is over');
  if (input.at > now + soldAheadMs) throw refusal('slot-too-far', 'this half-hour is not on sale yet');
  return onlyHalfHour(input.communityId, instant(input.at), input.touches);
}

interface Sale {
  readonly input: BookingInput;
  readonly priced: Priced;
}

async function hold(
  platform: Platform,
  parts: HoldParts,
  q: Tx,
  who: As<'merchant'>,
  { input, priced }: Sale,
): Promise<string> {
  const { clock, audit } = platform;
  const campaign = await rows.findCampaign(q, { id: input.campaignId });
  if (campaign?.merchantId !== who.merchantId) throw notFound('campaign');
  await parts.merchants.mayPay(q, who.merchantId);
  if (!(await parts.content.playable(q, [campaign.clipId])).has(campaign.clipId)) {
    throw refusal('clip-not-approved', 'the clip of this campaign is not approved (yet)');
  }
  await requireMatchable(parts, q, campaign.clipId, priced.wish.product);
  if ('at' in input) await requireAdmission(parts, q, campaign.clipId, input);
  requireAvailable(priced);
  const id = newId('booking');
  await requireOwnDays(q, { ...priced.wish, id, campaignId: campaign.id });
  const touches = Math.floor(priced.wantedMilli / 1_000);
  const priceFen = await agreedPrice(parts, q, { input, priced }, touches);
  const holdUntil = after(clock.now(), holdMs);
  const paymentId = await parts.settlement.createPayment(q, {
    kind: 'booking',
    subjectId: id,
    storeId: null,
    amountFen: priceFen,
    expiresAt: holdUntil,
    description: `门播 · ${campaign.name}`,
    returnUrl: input.returnUrl ?? null,
    prepare: 'at-once',
  });
  const row = { id, campaignId: campaign.id, merchantId: who.merchantId, touches, priceFen, holdUntil, paymentId };
  const placed = { ...row, ...columnsOf(priced, 'at' in input) };
  await q.insert(q.t.bookings).values({ ...placed, status: 'held', createdAt: clock.now() });
  await q.insertMany(
    q.t.bookingPlaces,
    [...new Set(priced.wish.communityIds)].map((communityId) => ({ bookingId: id, communityId })),
  );
  await claim(q, id, priced.version);
  await audit(q, { who, action: 'booking.hold', subject: id, facts: { touches, priceFen } });
  await emitBooking(platform, q, { ...placed, status: 'held' });
  return id;
}

/** The columns of a wish; its first community and its beginning stand for it in lists. */
export function columnsOf({ wish, found }: Pick<Priced, 'wish' | 'found'>, isOneHalfHour: boolean) {
  const [communityId = ''] = wish.communityIds;
  const { dayparts, placements, segment, product, dayCapTouches, holdoutPpm } = wish;
  return {
    communityId,
    at: wish.from,
    toAt: isOneHalfHour ? null : wish.to,
    firstDay: wish.days?.firstDay ?? null,
    lastDay: wish.days?.lastDay ?? null,
    soldLines: found.quote.sold,
    dayparts: dayparts.length === 0 ? null : dayparts,
    placements: placements.length === 0 ? null : placements,
    segment,
    product,
    dayCapTouches,
    holdoutPpm,
    sharePpm: wish.sharePpm ?? null,
    people: wish.people ?? null,
  };
}

/** Rejects with the one reason why nothing of it is for sale, if there is one, else with `slot-sold-out`. */
export function requireAvailable({ wantedMilli, availableMilli, found }: Priced): void {
  const { cells, left } = found.reach;
  const [why] = left.keys();
  if (cells.length === 0 && why !== undefined && why in unsold)
    throw refusal(why as keyof typeof unsold, unsold[why as keyof typeof unsold]);
  if (wantedMilli < 1_000 || availableMilli < wantedMilli)
    throw refusal('slot-sold-out', 'so many touches are not left', {
      availableTouches: Math.floor(availableMilli / 1_000),
    });
}

const inadmissible: Readonly<Record<Inadmissible, string>> = {
  'category-banned': 'this may be advertised on no screen',
  'category-declined': 'this community does not want such adverts',
  'permit-missing': 'no accepted permit covers this half-hour',
  'hour-closed': 'such adverts are not shown in this half-hour',
};
const unsold = {
  ...inadmissible,
  'category-sensitive': 'adverts of this kind are never matched to a person',
  'pool-too-small': 'too few residents of these communities have opted in',
  'few-pass': 'too few of those who opted in pass in these half-hours',
  'no-owner-decision': 'the owners of these communities have not decided that their screens are for sale',
  'decision-expired': 'the decision of the owners is over by then',
  blackout: 'nothing is sold on these days',
  'outside-decision': 'the owners do not sell this: not these doors, hours or this kind of advert',
} as const;

/** What it costs: of one half-hour as its page said, else the average of what was found. Rejects with `price-changed`. */
async function agreedPrice({ inventory }: HoldParts, q: Tx, { input, priced }: Sale, touches: number): Promise<Fen> {
  if ('at' in input) {
    const cell = { communityId: input.communityId, at: instant(input.at), placement: 'any' as const };
    return bookingPrice(touches, await inventory.price(q, { ...cell, segment: 'all', product: 'touches' }));
  }
  const priceFen = linePriceFen(touches, priced.touchPriceMilliFen);
  if (input.priceFenMax !== undefined && priceFen > input.priceFenMax)
    throw refusal('price-changed', 'the price is another one now', { priceFen });
  return fen(priceFen);
}

/** Rejects with `category-sensitive` where a clip would tell that just this person was meant. */
async function requireMatchable({ content }: HoldParts, q: Tx, clipId: string, product: Product): Promise<void> {
  const category = (await content.about(q, [clipId])).get(clipId)?.category ?? null;
  if (!mayBeSoldAs(product, category))
    throw refusal('category-sensitive', 'adverts of this kind are never matched to a person', { category });
}

/** Neither owners, law, permit nor hour speaks against this clip there and then. */
async function requireAdmission(
  { communities, content, inventory }: HoldParts,
  q: Tx,
  clipId: string,
  { communityId, at }: { readonly communityId: string; readonly at: number },
): Promise<void> {
  const halfHour: InstantMs = instant(at);
  const community = await communities.get(q, communityId);
  const category = (await content.about(q, [clipId])).get(clipId)?.category ?? null;
  await inventory.requireSold(q, communityId, { at: halfHour, placement: 'any', category });
  const why = (await content.admissionTo(q, community, [clipId]))(clipId, halfHour);
  if (why) throw refusal(why, inadmissible[why]);
}
