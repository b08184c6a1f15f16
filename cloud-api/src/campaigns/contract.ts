import { capDaysMax } from '@gatecast/firmware-protocol/messages';
import { z } from 'zod';
import { segment } from '@gatecast/firmware-protocol/messages';
import { amountFen, atMs, id, name, pageQuery, placement, returnUrl } from '../platform/contract.ts';
import { categories } from '../content/categories.ts';
import { products } from './line-item.ts';

/** How often in how many days one resident who opted in is shown it by one screen; nobody else is known and capped. */
export const campaignCap = z.object({ plays: z.int().min(1).max(100), days: z.int().min(1).max(capDaysMax) });
export const newCampaign = z.object({
  name,
  clipId: id,
  dealId: id.nullable(),
  cap: campaignCap.nullable().default(null),
});
export const campaign = z.object({
  id,
  no: z.int(),
  merchantId: id,
  merchantName: z.string(),
  name: z.string(),
  clipId: id,
  clipTitle: z.string(),
  clipStatus: z.string(),
  dealId: id.nullable(),
  cap: campaignCap.nullable(),
  bookings: z.int(),
  createdAt: atMs,
});
export type Campaign = z.infer<typeof campaign>;
export const campaignQuery = pageQuery.extend({
  /** Part of its name or its merchant's, or its number. */
  search: z.string().trim().max(60).optional(),
});

/** `GET /v1/communities/:id/adverts`: what plays on the screens there soon, for who answers for them. */
export const advertHere = z.object({
  campaignId: id,
  merchantName: z.string(),
  clipTitle: z.string(),
  category: z.enum(categories).nullable(),
  /** Its still, signed for an hour. */
  posterUrl: z.string().nullable(),
  placements: z.array(placement),
  /** The next half-hour in which it plays. */
  nextAt: atMs,
  /** Planned for the next seven days. */
  touches: z.int().nonnegative(),
});
export type AdvertHere = z.infer<typeof advertHere>;

/** A half-hour of a community: what is for sale and what is left, in verified touches. */
export const slotQuery = z.object({
  communityId: id,
  date: z.string().regex(/^\d{4}-\d{2}-\d{2}$/),
  /** Tells of each half-hour whether this campaign's clip may be shown in it, too. */
  campaignId: id.optional(),
});
export const slot = z.object({
  /** Start of the half-hour. */
  at: atMs,
  communityId: id,
  /** Touches that the forecast expects. */
  forecastTouches: z.int().nonnegative(),
  freeTouches: z.int().nonnegative(),
  /** Price of one touch. */
  touchPriceFen: amountFen,
  bookable: z.boolean(),
  /** Why not: `past`, `sold-out`; for a campaign also `clip-not-approved`, and why its clip may not be shown there and then, as a booking is refused. */
  reason: z.string().nullable(),
});
export type Slot = z.infer<typeof slot>;

const localDay = z.string().regex(/^\d{4}-\d{2}-\d{2}$/);

/** A local window on some days of the week, half-open; over midnight where it ends no later than it begins. */
export const daypart = z.object({
  /** 1 for Monday to 7 for Sunday, where it begins. */
  weekdays: z.array(z.int().min(1).max(7)).min(1).max(7),
  fromMinute: z.int().min(0).max(1_410).multipleOf(30),
  toMinute: z.int().min(0).max(1_440).multipleOf(30),
});

export const communitiesPerLineMax = 500;
/** Where and when a line item may play. */
const targeting = z.object({
  communityIds: z.array(id).min(1).max(communitiesPerLineMax),
  /** Local days of each community, both included. */
  firstDay: localDay,
  lastDay: localDay,
  /** None: every half-hour. */
  dayparts: z.array(daypart).max(16).default([]),
  /** None: every placement. */
  placements: z.array(placement).max(3).default([]),
  /** Nobody's own segment is known: a touch counts for one as the share that is expected of it in that half-hour. */
  segment: segment.default('all'),
});
/** Each screen remembers so many people at most, of all line items. */
const peoplePerLineMax = 10_000;
/** What a product is counted in: of `ten-people` each number of touches is one of people, and a price is of one of them. */
export const unit = z.enum(['touches', 'people']);
const quantity = z.object({
  product: z.enum(products).default('touches'),
  /** Of product `touches`: verified touches of the segment. */
  touches: z.int().min(1).max(10_000_000).optional(),
  /** Of product `share`. */
  sharePpm: z.int().min(10_000).max(1_000_000).optional(),
  /** Of product `ten-people`: it stops at so many distinct people. At gates alone, of everybody, without a cap a day. */
  people: z.int().min(10).max(peoplePerLineMax).optional(),
  dayCapTouches: z.int().min(1).max(1_000_000).nullable().default(null),
  /** Part of the touches at which a house clip plays instead, to see what the campaign changed. */
  holdoutPpm: z.int().min(0).max(500_000).default(0),
});

/** What somebody would like to know before a booking. Without a campaign, what any clip could get. */
export const quoteRequest = targeting.extend(quantity.shape).extend({ campaignId: id.optional() });
const offered = z.object({
  /** What can be delivered for sure beside everything that is held and sold, of what was asked for. */
  availableTouches: z.int().nonnegative(),
  priceFen: amountFen,
});
export const quote = offered.extend({
  /** What every number here is of, but the pool. Of `people` nothing is expected in touches: those three are 0. */
  unit,
  requestedTouches: z.int(),
  /** Expected of the segment in all the chosen half-hours, before others' bookings; and what lies between which bounds four times in five. */
  expectedTouches: z.int().nonnegative(),
  expectedLow: z.int().nonnegative(),
  expectedHigh: z.int().nonnegative(),
  /** Touches at which it would play: more than it counts, where a touch counts for the segment as a share. */
  plays: z.int().nonnegative(),
  /** What one touch costs on average over the chosen half-hours, in thousandths of a fen. */
  touchPriceMilliFen: z.int().nonnegative(),
  /** Of `ten-people`: people who opted in there, told only as `at least`, in tens of each community with ten or more; null: nowhere so many. */
  poolAtLeast: z.int().nullable(),
  /** Communities and half-hours that fell out, by reason. */
  left: z.array(z.object({ reason: z.string(), communities: z.int(), halfHours: z.int() })),
  /** When less is available than was asked for: changes that would be enough, or bring most, each computed as exactly. */
  alternatives: z.array(
    offered.extend({
      kind: z.enum(['communities', 'hours', 'days', 'placements']),
      communityIds: z.array(id),
      firstDay: localDay,
      lastDay: localDay,
      dayparts: z.array(daypart),
      placements: z.array(placement),
      /** Of `share`: the part of whom is expected there that it is, in whole percent: about as many touches as were asked for. Null: of another product. */
      sharePpm: z.int().nullable(),
    }),
  ),
  /** Rises with each sale: a hold computes again. */
  version: z.int(),
});
export type Quote = z.infer<typeof quote>;

/** A line item to hold: what a quote asks for, of a campaign. */
export const newLineItem = quoteRequest.extend({
  campaignId: id,
  /** Not more than this; `price-changed` otherwise. */
  priceFenMax: amountFen.optional(),
  /** Where the payment page sends the person back to. */
  returnUrl: returnUrl.optional(),
});
/** What may be changed of what is paid: later, elsewhere, at other hours, of the same quantity and price; paused and resumed. */
export const bookingPatch = z.object({
  paused: z.boolean().optional(),
  /** Why it is paused; the operator says it, and its merchant reads it. */
  reason: z.string().trim().min(1).max(300).optional(),
  targeting: targeting.optional(),
});
/** What went back, or will once it is known what was delivered. */
export const cancelledBooking = z.object({ refundFen: amountFen.nullable() });

/** One half-hour of one community: the shorthand of a line item. */
export const newBooking = z.object({
  campaignId: id,
  communityId: id,
  at: atMs,
  touches: z.int().min(1).max(10_000),
  /** Where the payment page sends the person back to. */
  returnUrl: returnUrl.optional(),
});
export const booking = z.object({
  id,
  campaignId: id,
  campaignName: z.string(),
  merchantId: id,
  merchantName: z.string(),
  communityId: id,
  communityName: z.string(),
  at: atMs,
  /** As bought: of `ten-people` the people. `deliveredMilli` is thousandths of the same. */
  touches: z.int(),
  unit,
  priceFen: amountFen,
  /** `ended`: it has run, or was cancelled midway; what was not delivered went back. `refunded`: all of it went back. */
  status: z.enum(['held', 'paid', 'ended', 'expired', 'cancelled', 'refunded']),
  product: z.enum(products),
  /** Of all communities; `communityId` and `at` are the first of them. */
  communityIds: z.array(id),
  /** End of the span, exclusive. */
  toAt: atMs,
  dayparts: z.array(daypart),
  placements: z.array(placement),
  segment,
  sharePpm: z.int().nullable(),
  people: z.int().nullable(),
  dayCapTouches: z.int().nullable(),
  holdoutPpm: z.int(),
  pausedAt: atMs.nullable(),
  /** What the operator paused its merchant does not resume. */
  pausedBy: z.enum(['operator', 'merchant']).nullable(),
  pausedReason: z.string().nullable(),
  cancelledAt: atMs.nullable(),
  deliveredMilli: z.int(),
  refundedFen: amountFen,
  /** Money that came too late or twice. It goes back by itself, and never brings a booking back. */
  lateFen: amountFen,
  /** While held: where to pay. */
  payUrl: z.string().nullable(),
  /** Until when the touches are kept for whoever has not paid, or were. */
  holdUntil: atMs.nullable(),
  createdAt: atMs,
});
export type Booking = z.infer<typeof booking>;
