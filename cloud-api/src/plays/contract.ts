import { z } from 'zod';
import { atMs, id } from '../platform/contract.ts';

/** A play as the operator sees it: no touch, no person. */
export const play = z.object({
  id: z.string(),
  terminalId: id,
  terminalName: z.string(),
  entranceId: id,
  campaignId: id.nullable(),
  clipTitle: z.string(),
  atATouch: z.boolean(),
  rendered: z.boolean(),
  viewable: z.boolean(),
  completed: z.boolean(),
  muted: z.boolean(),
  at: atMs,
});
export type Play = z.infer<typeof play>;
