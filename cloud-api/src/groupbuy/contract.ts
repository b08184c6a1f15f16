import { z } from 'zod';
import { amountFen, atMs, id, returnUrl } from '../platform/contract.ts';
import { tiersMax } from './price-tiers.ts';

/** `service`: nothing is carried home; something is done there. */
export const dealKind = z.enum(['goods', 'service']);
export type DealKind = z.infer<typeof dealKind>;
/**
 * How it comes about. `group`: some neighbours fill a group, and that group has its goods. `community`: all wait until it closes, then there were enough of them or
 * not, and everybody pays the same. `at-once`: each has what was paid for.
 */
export const dealMode = z.enum(['group', 'community', 'at-once']);
export type DealMode = z.infer<typeof dealMode>;
const priceTier = z.object({ fromUnits: z.int().min(2).max(100_000), priceFen: z.int().min(1).max(100_000_00) });

export const newDeal = z.object({
  storeId: id,
  title: z.string().trim().min(1).max(60),
  description: z.string().max(500),
  /** What one costs alone at the store; the group's price is what is paid. */
  singlePriceFen: amountFen,
  groupPriceFen: z.int().min(1).max(100_000_00),
  kind: dealKind.default('goods'),
  mode: dealMode.default('group'),
  /** The store delivers however few they are, instead of sending the money back. */
  guaranteed: z.boolean().default(false),
  /** Of `group` alone. */
  groupSize: z.int().min(2).max(50).optional(),
  /** Of `group` alone: one that is not full by then is refunded. */
  groupHours: z.int().min(1).max(72).optional(),
  /** Of `community` alone: so many units, of so many people. */
  minUnits: z.int().min(0).max(100_000).default(0),
  minPeople: z.int().min(0).max(10_000).default(0),
  /** Of `community` alone: the more are sold, the less everybody pays. `groupPriceFen` is paid at first; the difference goes back when it closes. */
  tiers: z.array(priceTier).max(tiersMax).default([]),
  /** Of `community` alone: the store gets them in cases of so many, and delivers whole cases. */
  packUnits: z.int().min(1).max(1_000).default(1),
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
  kind: dealKind,
  mode: dealMode,
  guaranteed: z.boolean(),
  groupSize: z.int(),
  groupHours: z.int(),
  minUnits: z.int(),
  minPeople: z.int(),
  tiers: z.array(priceTier),
  packUnits: z.int(),
  /** Of `community`: who paid so far, and what everybody would pay if it closed now. */
  joined: z.object({ units: z.int(), people: z.int(), priceFen: amountFen, next: priceTier.nullable() }).nullable(),
  /** Of `community`: what became of it. */
  outcome: z.enum(['complete', 'failed']).nullable(),
  finalPriceFen: amountFen.nullable(),
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
  /** Of goods in cases: would be taken on top if it fills one. Paid now; what is not had goes back. */
  extraUnits: z.int().min(0).max(100).default(0),
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
  extraUnits: z.int(),
  /** What it comes to once its deal is decided; null before. */
  gotUnits: z.int().nullable(),
  unitPriceFen: amountFen,
  /** What was paid, or is to be. */
  totalFen: amountFen,
  /** Of it, what goes back as the price fell or as less was to be had. */
  backFen: amountFen,
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
