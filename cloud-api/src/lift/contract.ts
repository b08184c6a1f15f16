import { z } from 'zod';
import { atMs, id } from '../platform/contract.ts';

const interval = z.object({ estimate: z.number(), low: z.number(), high: z.number() });

/**
 * What a campaign changed, as days on which it ran differ from days on which it was held out. The unit is a community on one of its local days; only days that
 * are over stand here.
 */
export const lift = z.object({
  campaignId: id,
  /** `no-holdout`: none of its line items keeps one; `too-little`: there is one, and nothing can be said yet. */
  state: z.enum(['no-holdout', 'too-little', 'told']),
  holdoutPpm: z.int(),
  communities: z.int(),
  /** Days of all these communities together; and of them those on which a house clip played instead. */
  communityDays: z.int(),
  heldOutDays: z.int(),
  /** Of both, all that these communities ordered at the store and kept, scanned or not; and of these orders those that were picked up. */
  orders: z.int(),
  pickedUp: z.int(),
  /** Delivered so far, of the segment that was bought. */
  verifiedTouches: z.int(),
  /** About how many community-days it takes; null while there is nothing to go by, or all was told. */
  neededDays: z.int().nullable(),
  /** On a day without the campaign; null without such a day. */
  usualOrdersPerDay: z.number().nullable(),
  /** More (or fewer) orders on a community-day for the campaign, with what the draw does not contradict at 95 %. Null unless told. */
  ordersPerDay: interval.nullable(),
  pickedUpPerDay: interval.nullable(),
  /** The same for each 1,000 verified touches. */
  ordersPerThousandTouches: interval.nullable(),
  /**
   * What may make the truth greater or smaller than this number. `carry-over`: who saw it yesterday may order on a day that is held out; `neighbours`: several
   * communities order at the same store, and speak with each other; `recent-pick-ups`: the last orders are not all picked up yet.
   */
  caveats: z.array(z.enum(['carry-over', 'neighbours', 'recent-pick-ups'])),
  /** For the operator, once the last line item is over: with it anybody can draw again which days were held out. */
  key: z.string().nullable(),
  until: atMs.nullable(),
});
export type Lift = z.infer<typeof lift>;
