import { z } from 'zod';
import { segment } from '@gatecast/firmware-protocol/messages';
import { amountFen, atMs, id, placement } from '../platform/contract.ts';

/** At doors of one kind. Plays and touches, never people: whoever comes through the gate and then calls the lift is a touch at each. */
export const placementExposure = z.object({
  placement,
  rendered: z.int(),
  viewable: z.int(),
  completed: z.int(),
  verified: z.int(),
  verifiedMilliTouches: z.int(),
});
export type PlacementExposure = z.infer<typeof placementExposure>;

/** What a line item has of a half-hour. Numbers are null while it is open. */
const lineItemExposure = z.object({
  bookingId: id,
  segment,
  /** The part of a touch that is expected to be of the segment, on average over the touches that counted for one: nobody's own segment is known. 1,000,000: everybody. */
  expectedPartPpm: z.int().nullable(),
  verifiedMilliTouches: z.int().nullable(),
  /** Reached, where it stops at so many people; null: it counts touches. */
  people: z.int().nullable(),
});
export type LineItemExposure = z.infer<typeof lineItemExposure>;

/**
 * What one campaign got in one half-hour at one community. Numbers appear once every terminal there has closed the half-hour, or a day after it; what comes
 * later restates them with the next version.
 */
export const exposure = z.object({
  campaignId: id,
  communityId: id,
  communityName: z.string(),
  at: atMs,
  state: z.enum(['open', 'closed']),
  bookedTouches: z.int(),
  /** Null while open. Three counters, never mixed. */
  rendered: z.int().nullable(),
  viewable: z.int().nullable(),
  completed: z.int().nullable(),
  /** Verified exposures: billable touches that saw the clip; from milli-touches, rounded down. */
  verified: z.int().nullable(),
  verifiedMilliTouches: z.int().nullable(),
  /** Residents who opted in and were reached by line items that stop at so many people; their touches are in the three counters, and not among the verified. */
  people: z.int().nullable(),
  /** Plays with nobody there: reported apart, fill nothing. */
  ambient: z.int().nullable(),
  /** Of the viewable plays, those with evidence that the panel was lit. */
  panelOn: z.int().nullable(),
  averageViewableMs: z.int().nullable(),
  /** Frames that the browser dropped, of all that were due in viewable plays. */
  dropRatePpm: z.int().nullable(),
  /** The counters by kind of door, in the order gate, unit door, lift; null while open, and of reports from before they were told apart. */
  placements: z.array(placementExposure).nullable(),
  /** What of it is whose line item's, as the bill says it. */
  lineItems: z.array(lineItemExposure),
  /** Plays at a touch that do not count, by reason; in no other number. */
  filtered: z.array(z.object({ reason: z.string(), plays: z.int() })),
  /** Screens that had not closed the half-hour when the report was made. */
  missingScreens: z.int().nullable(),
  /** Of the report; from 2 on it was restated then. */
  version: z.int().nullable(),
  restatedAt: atMs.nullable(),
  /** What the latest versions before said. */
  earlier: z.array(z.object({ version: z.int(), madeAt: atMs, viewable: z.int(), verified: z.int() })),
  priceFen: amountFen,
});
export type Exposure = z.infer<typeof exposure>;
