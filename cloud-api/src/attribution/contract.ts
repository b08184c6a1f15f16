import { z } from 'zod';
import { amountFen, atMs, id } from '../platform/contract.ts';

/** `GET /v1/visits/:id`: what a scan led to. */
export const visit = z.object({ id, dealId: id.nullable(), communityId: id, at: atMs });
export type Visit = z.infer<typeof visit>;

/**
 * One trace: play → visit → order → pick-up. Times of plays are half-hours for merchants; the visit, order and pick-up are theirs to the minute.
 * `reached` is the last hop so far.
 */
export const trace = z.object({
  visitId: id,
  campaignId: id.nullable(),
  campaignName: z.string().nullable(),
  dealId: id.nullable(),
  dealTitle: z.string().nullable(),
  communityName: z.string(),
  entranceName: z.string(),
  play: z.object({ halfHour: atMs, clipTitle: z.string(), plays: z.int() }).nullable(),
  visit: z.object({ at: atMs }),
  order: z.object({ id, at: atMs, totalFen: amountFen, status: z.string() }).nullable(),
  pickup: z.object({ at: atMs }).nullable(),
  reached: z.enum(['visit', 'order', 'paid', 'picked-up']),
});
export type Trace = z.infer<typeof trace>;
