import { z } from 'zod';
import { placementExposure } from '../exposure/contract.ts';
import { segment } from '@gatecast/firmware-protocol/messages';
import { amountFen, atMs, id } from '../platform/contract.ts';

const localDay = z.iso.date();

/** Local days of each community, both included; without them from the campaign's first to now. */
const days = z.object({ from: localDay.optional(), to: localDay.optional() });
const inOrder = ({ from, to }: z.output<typeof days>): boolean => from === undefined || to === undefined || from <= to;
export const resultQuery = days.refine(inOrder, { path: ['to'], message: 'ends before it begins' });
/** `GET /v1/campaigns/:id/result.csv` and `.xlsx` */
export const resultFileQuery = days
  .extend({ lang: z.enum(['zh', 'en']).optional() })
  .refine(inOrder, { path: ['to'], message: 'ends before it begins' });

const count = z.int();
export const sharedSegment = segment.exclude(['all']);
/** Null: there was none to share it. Below zero where more went back in these days than was earned. */
const cost = z.int().nullable();

const figures = z.object({
  /** Verified, in thousandths; and whole. */
  verifiedMilliTouches: count,
  touches: count,
  /** Reached by line items that stop at so many people; their touches are not among the touches. */
  people: count,
  viewable: count,
  /** Plays with nobody there: reported apart, fill nothing. */
  ambient: count,
  scans: count,
  /** From these scans, paid and not sent back, whenever they were made. */
  orders: count,
  pickedUp: count,
  orderFen: amountFen,
  /** Billed so far for these half-hours, after corrections and credits. */
  earnedFen: z.int(),
});

/** `GET /v1/campaign-results`: how many got how far, of one campaign, from its first day to now. */
export const campaignFunnel = z.object({
  campaignId: id,
  /** Verified, whole. */
  touches: count,
  people: count,
  scans: count,
  orders: count,
  pickedUp: count,
});
export type CampaignFunnel = z.infer<typeof campaignFunnel>;

/** `GET /v1/campaigns/:id/result`: from the door to the counter, and what it cost. */
export const campaignResult = z.object({
  campaignId: id,
  campaignName: z.string(),
  from: localDay,
  to: localDay,
  totals: figures.extend({
    /** Half-hours that are reported, and those of them of which screens have not told theirs. */
    halfHours: count,
    silentHalfHours: count,
    /** Of the whole campaign, whatever the days: what was paid for it, and what of that went back or is on its way. */
    paidFen: amountFen,
    refundedFen: amountFen,
    /** What line items that count touches earned, by touch; what those that count people earned, by person; the others of all that was earned. */
    costPerTouchFen: cost,
    costPerPersonFen: cost,
    costPerScanFen: cost,
    costPerOrderFen: cost,
    costPerPickUpFen: cost,
  }),
  /** Groups that something was booked for: of them each touch counts as the part that is expected of the half-hour's passers-by. */
  segments: z.array(sharedSegment),
  /** By kind of door, in the order gate, unit door, lift: never added up, or somebody who passes two of them were two. One without a play is not in it. */
  placements: z.array(placementExposure),
  /** What is billed. The first of them; `left` were left out of each list, and are in the totals. */
  lineItems: z.array(
    z.object({
      bookingId: id,
      at: atMs,
      toAt: atMs,
      unit: z.enum(['touches', 'people']),
      bought: count,
      got: count,
      earnedFen: z.int(),
      paidFen: amountFen,
      costFen: cost,
    }),
  ),
  /** Those with most touches first. */
  communities: z.array(figures.extend({ communityId: id, communityName: z.string() })),
  /** The latest first. */
  days: z.array(figures.extend({ day: localDay })),
  left: z.object({ lineItems: count, communities: count, days: count }),
});
export type CampaignResult = z.infer<typeof campaignResult>;
