import { fen, hours, after, minutes, type Fen, type InstantMs } from '@gatecast/firmware-protocol';
import type { Deal, DealMode, OrderStatus } from './contract.ts';
import { isLadder, type PriceTier } from './price-tiers.ts';

/**
 * Where an order may go from each state. A payment that comes too late never revives one: the money enters the ledger and goes back.
 * `picked-up` is the end: what is wrong after that is between the store and the buyer.
 */
export const orderTransitions: Readonly<Record<OrderStatus, readonly OrderStatus[]>> = {
  'awaiting-payment': ['paid', 'expired', 'cancelled'],
  paid: ['ready', 'refunding'],
  ready: ['picked-up'],
  'picked-up': [],
  expired: [],
  cancelled: [],
  refunding: ['refunded'],
  refunded: [],
};

export type GroupStatus = 'open' | 'complete' | 'failed';
export const groupTransitions: Readonly<Record<GroupStatus, readonly GroupStatus[]>> = {
  open: ['complete', 'failed'],
  complete: [],
  failed: [],
};

/** The states from which `to` can be reached, for `UPDATE … WHERE status IN (…)`. */
export function statesBefore<S extends string>(transitions: Readonly<Record<S, readonly S[]>>, to: S): S[] {
  return (Object.keys(transitions) as S[]).filter((from) => transitions[from].includes(to));
}

/** How long stock is kept for somebody who has not paid. */
export const payWithinMs = minutes(15);

export const orderTotal = (priceFen: number, units: number): Fen => fen(priceFen * units);

/** What an order has of the stock: all that was paid for, or what it got of it. */
export const unitsOf = (order: {
  readonly quantity: number;
  readonly extraUnits: number;
  readonly gotUnits: number | null;
}): number => order.gotUnits ?? order.quantity + order.extraUnits;

export const groupExpiry = (openedAt: InstantMs, groupHours: number): InstantMs => after(openedAt, hours(groupHours));

export interface DealState {
  readonly opensAt: InstantMs;
  readonly closesAt: InstantMs;
  readonly stock: number;
  readonly reserved: number;
  readonly sold: number;
}

export const leftOf = ({ stock, reserved, sold }: DealState): number => stock - reserved - sold;

/** What a deal is at a moment; its window is half-open. */
export function dealStatus(deal: DealState, now: InstantMs, mayBeSold = true): Deal['status'] {
  if (now >= deal.closesAt) return 'closed';
  if (!mayBeSold) return 'paused';
  if (now < deal.opensAt) return 'scheduled';
  return leftOf(deal) <= 0 ? 'sold-out' : 'open';
}

export type DealFault = 'deal-window-invalid' | 'deal-price-invalid' | 'deal-terms-invalid';

/** Of a deal of a whole community, which is decided in one piece. */
const communityStockMax = 20_000;

interface DealTerms {
  readonly mode: DealMode;
  readonly opensAt: number;
  readonly closesAt: number;
  readonly singlePriceFen: number;
  readonly groupPriceFen: number;
  readonly groupSize?: number | undefined;
  readonly groupHours?: number | undefined;
  readonly minUnits: number;
  readonly minPeople: number;
  readonly tiers: readonly PriceTier[];
  readonly packUnits: number;
  readonly stock: number;
}

/** What is wrong with a new deal, if anything: it must end after it begins, not be over yet, be worth joining, and be able to come about. */
export function dealFault(deal: DealTerms, now: InstantMs): DealFault | undefined {
  if (deal.closesAt <= deal.opensAt || deal.closesAt <= now) return 'deal-window-invalid';
  if (deal.groupPriceFen > deal.singlePriceFen || !isLadder(deal.tiers, deal.groupPriceFen))
    return 'deal-price-invalid';
  return isPossible(deal) ? undefined : 'deal-terms-invalid';
}

function isPossible({ mode, groupSize, groupHours, minUnits, minPeople, tiers, packUnits, stock }: DealTerms): boolean {
  const isPlain = minUnits === 0 && minPeople === 0 && tiers.length === 0 && packUnits === 1;
  if (mode === 'group') return isPlain && groupSize !== undefined && groupHours !== undefined;
  if (groupSize !== undefined || groupHours !== undefined) return false;
  if (mode === 'at-once') return isPlain;
  const isReachable = Math.max(minUnits, minPeople, tiers.at(-1)?.fromUnits ?? 0) <= stock;
  return isReachable && stock % packUnits === 0 && stock <= communityStockMax;
}

/** `王小明` → `王**`: what a store may know of a buyer's name. */
export function maskName(name: string): string {
  const [first = '*'] = name;
  return `${first}**`;
}
