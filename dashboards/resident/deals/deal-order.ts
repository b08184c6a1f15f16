import type { Deal } from '@gatecast/cloud-api/client';

const rank: Record<Deal['status'], number> = { open: 0, scheduled: 1, 'sold-out': 2, paused: 3, closed: 4 };

/** How many people the group that waits still wants; a deal without one comes after those with. */
const wanted = ({ openGroup }: Deal): number => (openGroup ? openGroup.size - openGroup.paid : Number.MAX_SAFE_INTEGER);

/** As a shop would lay them out: what can be had first, groups that are nearly full in front, ended deals left out. */
export function inShopOrder(deals: readonly Deal[]): readonly Deal[] {
  const shown = deals.filter((deal) => deal.status !== 'closed');
  return shown.sort((a, b) => rank[a.status] - rank[b.status] || wanted(a) - wanted(b) || a.closesAt - b.closesAt);
}
