import { z } from 'zod';
import { amountFen, atMs, id } from '../platform/contract.ts';

/** What one campaign got in one half-hour at one community. Numbers appear once every terminal there has closed the half-hour. */
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
  /** Plays with nobody there: reported apart, fill nothing. */
  ambient: z.int().nullable(),
  priceFen: amountFen,
});
export type Exposure = z.infer<typeof exposure>;
