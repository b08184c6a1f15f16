import { fen, hours, after, minutes, type Fen, type InstantMs } from '@gatecast/firmware-protocol';
import type { Deal, OrderStatus } from './contract.ts';

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

export const orderTotal = (groupPriceFen: number, quantity: number): Fen => fen(groupPriceFen * quantity);

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

export type DealFault = 'deal-window-invalid' | 'deal-price-invalid';

/** What is wrong with a new deal, if anything: it must end after it begins, not be over yet, and be worth joining. */
export function dealFault(
  deal: {
    readonly opensAt: number;
    readonly closesAt: number;
    readonly singlePriceFen: number;
    readonly groupPriceFen: number;
  },
  now: InstantMs,
): DealFault | undefined {
  if (deal.closesAt <= deal.opensAt || deal.closesAt <= now) return 'deal-window-invalid';
  return deal.groupPriceFen > deal.singlePriceFen ? 'deal-price-invalid' : undefined;
}

/** `王小明` → `王**`: what a store may know of a buyer's name. */
export function maskName(name: string): string {
  const [first = '*'] = name;
  return `${first}**`;
}
