import { newId, seconds } from '@gatecast/firmware-protocol';
import type { Pickups } from '../fulfilment/service.ts';
import type { Tx } from '../platform/db/store.ts';
import type { Platform } from '../platform/platform.ts';
import type { Settlement } from '../settlement/service.ts';
import { findDeal, type GroupRow } from './deal-store.ts';
import { dueGroups, joinOpenGroup, moveGroup, type DueGroup } from './group-store.ts';
import { emitOrder } from './order-events.ts';
import { makeReady } from './order-ready.ts';
import { moveOrder, ordersOfGroup, putIntoGroup, type OrderRow } from './order-store.ts';
import { groupExpiry } from './rules.ts';

const expireEveryMs = seconds(5);
const expireMax = 100;

export interface GroupParts {
  readonly settlement: Settlement;
  readonly pickups: Pickups;
}

export interface Groups {
  /** Puts a paid order into a group; the one that fills it makes every order of it ready for pick-up. */
  join(q: Tx, order: OrderRow): Promise<void>;
}

export function createGroups(platform: Platform, parts: GroupParts): Groups {
  const { store, clock, jobs } = platform;
  jobs.handle('groups.expire', {
    everyMs: expireEveryMs,
    async run() {
      for (const due of await dueGroups(store.read, clock.now(), expireMax)) {
        await store.tx((q) => end(platform, parts, q, due));
      }
    },
  });
  return {
    async join(q, order) {
      const group =
        (await joinOpenGroup(q, order.dealId, order.residentId, clock.now())) ?? (await openGroup(platform, q, order));
      await putIntoGroup(q, order.id, group.id);
      if (group.paid >= group.size) await complete(platform, parts, q, group.id);
      else await emitGroup(platform, q, group, order.merchantId);
    },
  };
}

async function openGroup({ clock }: Platform, q: Tx, order: OrderRow): Promise<GroupRow> {
  const deal = await findDeal(q, order.dealId);
  if (!deal) throw new Error('an order has a deal');
  const now = clock.now();
  const group: GroupRow = {
    id: newId('group'),
    dealId: deal.id,
    size: deal.groupSize,
    paid: 1,
    status: 'open',
    openedAt: now,
    expiresAt: groupExpiry(now, deal.groupHours),
  };
  await q.insertMany(q.t.groups, [group]);
  await q.insertMany(q.t.groupMembers, [{ groupId: group.id, residentId: order.residentId }]);
  return group;
}

async function complete(platform: Platform, parts: GroupParts, q: Tx, id: string): Promise<void> {
  const group = await moveGroup(q, id, 'complete');
  if (!group) return;
  for (const { id: orderId } of await ordersOfGroup(q, id)) {
    const order = await makeReady(platform, parts, q, orderId);
    if (!order) continue;
    await emitGroup(platform, q, group, order.merchantId, order.residentId);
  }
}

/** A group that is not full in time: everybody gets the money back, or the goods where the store stands for it. */
async function end(platform: Platform, parts: GroupParts, q: Tx, { id, dealId }: DueGroup): Promise<void> {
  const deal = await findDeal(q, dealId);
  if (deal?.guaranteed) return complete(platform, parts, q, id);
  return giveUp(platform, parts, q, id);
}

async function giveUp(platform: Platform, { settlement }: GroupParts, q: Tx, id: string): Promise<void> {
  const group = await moveGroup(q, id, 'failed');
  if (!group) return;
  for (const { id: orderId } of await ordersOfGroup(q, id)) {
    const order = await moveOrder(q, orderId, 'refunding');
    if (!order) continue;
    await settlement.refund(q, order.paymentId);
    await emitOrder(platform, q, order);
    await emitGroup(platform, q, group, order.merchantId, order.residentId);
  }
}

async function emitGroup(
  { events }: Platform,
  q: Tx,
  { id, dealId, paid, size, status }: GroupRow,
  merchantId: string,
  residentId?: string,
): Promise<void> {
  const facts = { dealId, paid, size, status };
  await events.emit(q, {
    type: 'group',
    subject: id,
    facts,
    merchantId,
    ...(residentId === undefined ? {} : { residentId }),
  });
}
