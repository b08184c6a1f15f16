import { capDaysMax } from '@gatecast/firmware-protocol/messages';
import { z } from 'zod';
import { amountFen, atMs, id, name, returnUrl } from '../platform/contract.ts';

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
  communityId: id,
  communityName: z.string(),
  at: atMs,
  touches: z.int(),
  priceFen: amountFen,
  status: z.enum(['held', 'paid', 'expired', 'cancelled', 'refunded']),
  /** While held: where to pay, and until when the touches are kept. */
  payUrl: z.string().nullable(),
  holdUntil: atMs.nullable(),
  createdAt: atMs,
});
export type Booking = z.infer<typeof booking>;
