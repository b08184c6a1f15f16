import { z } from 'zod';
import { atMs, id } from '../platform/contract.ts';

/** `POST /v1/pickups/verify` by the store. A code works once; a second try answers 409 `already-picked-up` with when. */
export const verifyPickup = z.object({ code: z.string().regex(/^\d{8}$/) });
export const pickup = z.object({
  orderId: id,
  dealTitle: z.string(),
  quantity: z.int(),
  buyer: z.string(),
  storeName: z.string(),
  pickedUpAt: atMs,
});
export type Pickup = z.infer<typeof pickup>;
