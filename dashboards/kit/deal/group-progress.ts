import type { Deal, Order } from '@gatecast/cloud-api/client';

/** How far a group is: `paid` of `size` people have paid; `missing` are still wanted. */
export interface GroupProgress {
  readonly kind: 'start' | 'join' | 'complete' | 'failed';
  readonly paid: number;
  readonly size: number;
  readonly missing: number;
  /** Null while nobody has opened the group. */
  readonly expiresAt: number | null;
}

/** What the next order does: joins the group that waits, or opens a new one. A group past its time is not joined. */
export function nextGroup(deal: Pick<Deal, 'openGroup' | 'groupSize'>, now: number): GroupProgress {
  const group = deal.openGroup;
  if (!group || group.expiresAt <= now) {
    return { kind: 'start', paid: 0, size: deal.groupSize, missing: deal.groupSize, expiresAt: null };
  }
  return { kind: 'join', paid: group.paid, size: group.size, missing: missingOf(group), expiresAt: group.expiresAt };
}

/** Where the group of an order stands; null before it is paid. */
export function orderGroup(order: Pick<Order, 'group'>): GroupProgress | null {
  const { group } = order;
  if (!group) return null;
  const kind = group.status === 'open' ? 'join' : group.status;
  return { kind, paid: group.paid, size: group.size, missing: missingOf(group), expiresAt: group.expiresAt };
}

const missingOf = (group: { readonly paid: number; readonly size: number }): number =>
  Math.max(0, group.size - group.paid);
