import type { Order } from '@gatecast/cloud-api/client';

/** The way of an order that goes well. */
export const orderStepNames = ['placed', 'paid', 'grouped', 'picked-up'] as const;
export type OrderStepName = (typeof orderStepNames)[number];
export type OrderStepState = 'done' | 'now' | 'ahead' | 'stopped';
export interface OrderStep {
  readonly name: OrderStepName;
  readonly state: OrderStepState;
}

/** How many steps are behind, and whether the way ends here. */
const standing: Record<Order['status'], { readonly done: number; readonly stopped: boolean }> = {
  'awaiting-payment': { done: 1, stopped: false },
  paid: { done: 2, stopped: false },
  ready: { done: 3, stopped: false },
  'picked-up': { done: 4, stopped: false },
  expired: { done: 1, stopped: true },
  cancelled: { done: 1, stopped: true },
  refunding: { done: 2, stopped: true },
  refunded: { done: 2, stopped: true },
};

/** The four steps as an order's page draws them. */
export function orderSteps(status: Order['status']): readonly OrderStep[] {
  const { done, stopped } = standing[status];
  return orderStepNames.map((name, index) => {
    if (index < done) return { name, state: 'done' };
    if (index > done) return { name, state: 'ahead' };
    return { name, state: stopped ? 'stopped' : 'now' };
  });
}

/** Nothing more happens to an order in these states. */
export const isFinal = (status: Order['status']): boolean =>
  status === 'picked-up' || status === 'expired' || status === 'cancelled' || status === 'refunded';
