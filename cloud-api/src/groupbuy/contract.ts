import { z } from 'zod';
import { amountFen, atMs, id, returnUrl } from '../platform/contract.ts';

export const newDeal = z.object({
  storeId: id,
  title: z.string().trim().min(1).max(60),
  description: z.string().max(500),
  /** What one costs alone at the store; the group's price is what is paid. */
  singlePriceFen: amountFen,
  groupPriceFen: z.int().min(1).max(100_000_00),
  groupSize: z.int().min(2).max(50),
  /** A group that is not full by then is refunded. */
  groupHours: z.int().min(1).max(72),
  stock: z.int().min(1).max(100_000),
  perPersonMax: z.int().min(1).max(100),
  opensAt: atMs,
  closesAt: atMs,
});
export const deal = z.object({
  id,
  storeId: id,
  storeName: z.string(),
  storeAddress: z.string(),
  storeHours: z.string(),
  merchantId: id,
  communityId: id,
  title: z.string(),
  description: z.string(),
  singlePriceFen: amountFen,
  groupPriceFen: amountFen,
  groupSize: z.int(),
  groupHours: z.int(),
  stock: z.int(),
  left: z.int(),
  perPersonMax: z.int(),
  opensAt: atMs,
  closesAt: atMs,
  /** `paused`: its merchant is suspended; nobody can buy, and what was paid is handed over or goes back as ever. */
  status: z.enum(['scheduled', 'open', 'sold-out', 'closed', 'paused']),
  /** `/v1/deals/:id/image.jpg`: the poster of the clip that advertises it, or null. */
  imageUrl: z.string().nullable(),
  /** The group that the next order joins, if one is waiting. */
  openGroup: z.object({ id, paid: z.int(), size: z.int(), expiresAt: atMs }).nullable(),
});
export type Deal = z.infer<typeof deal>;

export const newOrder = z.object({
  dealId: id,
  quantity: z.int().min(1).max(100),
  /** From the scanned QR code; makes the order part of a trace. */
  visitId: id.nullable(),
  returnUrl: returnUrl.optional(),
});
export const orderStatus = z.enum([
  'awaiting-payment',
  'paid',
  'ready',
  'picked-up',
  'expired',
  'cancelled',
  'refunding',
  'refunded',
]);
export type OrderStatus = z.infer<typeof orderStatus>;
export const order = z.object({
  id,
  dealId: id,
  dealTitle: z.string(),
  storeName: z.string(),
  storeAddress: z.string(),
  quantity: z.int(),
  totalFen: amountFen,
  status: orderStatus,
  payUrl: z.string().nullable(),
  payUntil: atMs.nullable(),
  group: z
    .object({ id, paid: z.int(), size: z.int(), status: z.enum(['open', 'complete', 'failed']), expiresAt: atMs })
    .nullable(),
  /** For the resident alone, once the group is complete. */
  pickupCode: z.string().nullable(),
  pickedUpAt: atMs.nullable(),
  /** For the store: `王**`, never a phone. */
  buyer: z.string(),
  visitId: id.nullable(),
  createdAt: atMs,
});
export type Order = z.infer<typeof order>;
