import { z } from 'zod';
import { geoPoint, id, name } from '../platform/contract.ts';
import { newAccount } from '../identity/contract.ts';

export const newStore = z.object({
  name,
  address: z.string().max(120),
  communityId: id,
  /** `09:00–21:00`, as the store writes it. */
  hours: z.string().max(60),
  /** Where its door is; without it communities are not told by distance. */
  location: geoPoint.nullish(),
});
/** What a store changes of itself; its community it keeps, whose group-buys and staff are tied to it. */
export const storePatch = z.object({
  address: newStore.shape.address.optional(),
  hours: newStore.shape.hours.optional(),
  location: geoPoint.nullable().optional(),
});
export const newMerchant = z.object({ name, owner: newAccount, store: newStore });
export const store = newStore.extend({ id, merchantId: id, location: geoPoint.nullable() });
export type Store = z.infer<typeof store>;
export const merchant = z.object({ id, name: z.string(), stores: z.array(store) });
export type Merchant = z.infer<typeof merchant>;
