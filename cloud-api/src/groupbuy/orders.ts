import { after, fen, invariant, newId, seconds, type InstantMs } from '@gatecast/firmware-protocol';
import type { z } from 'zod';
import type { Visits } from '../attribution/visits.ts';
import type { Communities } from '../communities/service.ts';
import type { Merchants } from '../merchants/service.ts';
import type { As } from '../platform/auth.ts';
import type { Page } from '../platform/contract.ts';
import type { Reads, Tx } from '../platform/db/store.ts';
import { notFound, refusal } from '../platform/errors.ts';
import { once, type Call } from '../platform/idempotency.ts';
import type { Paging } from '../platform/newest-first.ts';
import type { Platform } from '../platform/platform.ts';
import type { newOrder, Order, OrderStatus } from './contract.ts';
import { closeDeals } from './deal-close.ts';
import { findDeal, giveBackQuota, reserveStock, settleStock, takeQuota } from './deal-store.ts';
import { createGroups, type GroupParts } from './groups.ts';
import { emitOrder } from './order-events.ts';
import { orderData } from './personal-data.ts';
import * as rows from './order-store.ts';
import { createOrderView } from './order-view.ts';
import { makeReady } from './order-ready.ts';
import { dealStatus, maskName, orderTotal, payWithinMs, unitsOf } from './rules.ts';

type Asking = As<'operator' | 'merchant' | 'store-staff' | 'resident'>;

export interface Orders {
  /** Rejects with `deal-not-open`, `deal-sold-out`, `person-limit`, `idempotency-key-required` or `not-found`. */
  order(who: As<'resident'>, input: z.output<typeof newOrder>, call: Call): Promise<Order>;
  cancel(who: As<'resident'>, id: string): Promise<Order>;
  list(who: Asking, query: Paging & { readonly dealId?: string | undefined }): Promise<Page<Order>>;
  get(who: Asking, id: string): Promise<Order>;
  /** Orders that came of these visits, for traces. */
  ofVisits(q: Reads, visitIds: readonly string[]): Promise<readonly rows.OrderRow[]>;
  /** Paid orders at stores by community and quarter of an hour, whether or not anybody scanned. */
  countedAt: typeof rows.countedOrders;
  /** Since when the newest order of each resident waits at a store; whoever has none is not in it. */
  waitingSince(q: Reads, residentIds: readonly string[]): Promise<ReadonlyMap<string, InstantMs>>;
  /** Runs in the transaction in which an order of somebody begins to wait, or is handed over. */
  onWaiting: GroupParts['pickups']['onWaiting'];
}

export interface OrderParts extends GroupParts {
  readonly communities: Communities;
  readonly merchants: Merchants;
  readonly visits: Visits;
}

const expireEveryMs = seconds(5);
/** So many let go in one transaction: one wait for the disk, and on SQLite the writer is held for some 10 ms. */
const expireAtOnce = 50;

export function createOrders(platform: Platform, parts: OrderParts): Orders {
  platform.privacy.register(orderData);
  const { store, clock, audit } = platform;
  const show = createOrderView(platform, parts);
  sellOrders(platform, parts);
  parts.merchants.onPublishing(async (q, merchantId) => {
    if (!(await parts.merchants.publishing(q, [merchantId])).has(merchantId))
      await rows.endPayingTime(q, merchantId, clock.now());
  });
  const ownOrder = async (who: Asking, id: string): Promise<rows.OrderRow> => {
    const order = await rows.findOrder(store.read, id);
    if (!order || !isOwn(who, order)) throw notFound('order');
    return order;
  };
  const shown = async (who: Asking, order: rows.OrderRow): Promise<Order> => {
    const [seen] = await show([order], who);
    invariant(seen, 'every order can be shown');
    return seen;
  };
  /** Whoever has to pay gets the address, which is asked for now if nobody has before. */
  const get = async (who: Asking, id: string): Promise<Order> => {
    const order = await ownOrder(who, id);
    const isToPay = who.role === 'resident' && order.status === 'awaiting-payment' && order.payUntil > clock.now();
    if (isToPay) await parts.settlement.payUrl(order.paymentId);
    return shown(who, order);
  };

  return {
    get,
    ofVisits: rows.ordersOfVisits,
    countedAt: rows.countedOrders,
    waitingSince: (q, residentIds) => waitingSince(parts, q, residentIds),
    onWaiting: (hook) => parts.pickups.onWaiting(hook),
    async order(who, input, call) {
      if (call.key === undefined) throw refusal('idempotency-key-required', 'an order needs an Idempotency-Key');
      const id = await store.txOfMany((q) => once(q, clock, call, () => placeOrder(platform, parts, q, who, input)));
      return get(who, id);
    },
    async cancel(who, id) {
      await ownOrder(who, id);
      const cancelled = await store.tx(async (q) => {
        const isDone = await letGo(platform, parts, q, id, 'cancelled');
        if (isDone) await audit(q, { who, action: 'order.cancel', subject: id });
        return isDone;
      });
      if (!cancelled) throw refusal('order-state', 'only an unpaid order can be cancelled');
      return shown(who, await ownOrder(who, id));
    },
    async list(who, query) {
      const { rows: found, list } = await rows.listOrders(store.read, { ...query, ...ownOf(who) });
      const page = list.page(
        found,
        (row) => row.createdAt,
        (row) => row,
      );
      return { ...page, items: await show(page.items, who) };
    },
  };
}

async function waitingSince({ pickups }: OrderParts, q: Reads, residentIds: readonly string[]) {
  const waiting = await rows.waitingOrders(q, residentIds);
  const ids = waiting.map(({ id }) => id);
  const issued = await pickups.issuedAt(q, ids);
  const since = new Map<string, InstantMs>();
  for (const { id, residentId } of waiting) {
    const at = issued.get(id);
    if (at !== undefined && at > (since.get(residentId) ?? 0)) since.set(residentId, at);
  }
  return since;
}

/** What the columns of an order have to say for `who` to see it. */
function ownOf(who: Asking): Partial<Pick<rows.OrderRow, 'residentId' | 'merchantId' | 'storeId'>> {
  switch (who.role) {
    case 'operator':
      return {};
    case 'resident':
      return { residentId: who.residentId };
    case 'merchant':
      return { merchantId: who.merchantId };
    case 'store-staff':
      return { merchantId: who.merchantId, storeId: who.storeId };
  }
}

function isOwn(who: Asking, order: rows.OrderRow): boolean {
  const { residentId, merchantId, storeId } = { ...order, ...ownOf(who) };
  return residentId === order.residentId && merchantId === order.merchantId && storeId === order.storeId;
}

/** Stock, then the person's limit, then the order, then its payment: all or nothing. */
async function placeOrder(
  platform: Platform,
  parts: OrderParts,
  q: Tx,
  who: As<'resident'>,
  { dealId, quantity, extraUnits, visitId, returnUrl }: z.output<typeof newOrder>,
): Promise<string> {
  const { clock, audit } = platform;
  const deal = await findDeal(q, dealId);
  if (!deal) throw notFound('deal');
  if (!(await parts.merchants.publishing(q, [deal.merchantId])).has(deal.merchantId))
    throw refusal('deal-paused', 'this store sells nothing at the moment');
  const visit = visitId === null ? undefined : await parts.visits.find(q, visitId);
  if (visitId !== null && !visit) throw notFound('visit');
  // A scan of one merchant's code must not show that merchant what was bought from another.
  const countsForVisit = visit?.merchantId === deal.merchantId;
  if (extraUnits > 0 && deal.packUnits === 1)
    throw refusal('invalid-request', 'only what comes in cases can be taken on top', { extraUnits });
  const units = quantity + extraUnits;
  if (!(await reserveStock(q, dealId, units, clock.now()))) throw unavailable(dealStatus(deal, clock.now()));
  const { residentId } = who;
  if (!(await takeQuota(q, { dealId, residentId }, units, deal.perPersonMax))) {
    throw refusal('person-limit', 'one person may not have so many of this deal', { perPersonMax: deal.perPersonMax });
  }
  const id = newId('order');
  const amountFen = orderTotal(deal.groupPriceFen, units);
  const payUntil = after(clock.now(), payWithinMs);
  const payment = { kind: 'order' as const, subjectId: id, storeId: deal.storeId, amountFen, expiresAt: payUntil };
  const description = `${deal.title} × ${units}`;
  const paymentId = await parts.settlement.createPayment(q, {
    ...payment,
    description,
    returnUrl: returnUrl ?? null,
    prepare: 'when-wanted',
  });
  const { name } = await parts.communities.resident(q, residentId);
  const order: rows.OrderRow = {
    id,
    dealId,
    merchantId: deal.merchantId,
    storeId: deal.storeId,
    residentId,
    quantity,
    extraUnits,
    gotUnits: null,
    backFen: 0,
    unitPriceFen: deal.groupPriceFen,
    totalFen: amountFen,
    status: 'awaiting-payment',
    groupId: null,
    visitId: countsForVisit ? visitId : null,
    paymentId,
    payUntil,
    pickedUpAt: null,
    buyerMasked: maskName(name),
    createdAt: clock.now(),
  };
  await q.insertMany(q.t.orders, [order]);
  await audit(q, { who, action: 'order.place', subject: id, facts: { dealId, quantity: units, totalFen: amountFen } });
  await emitOrder(platform, q, order);
  return id;
}

function unavailable(status: ReturnType<typeof dealStatus>): Error {
  if (status === 'scheduled' || status === 'closed') return refusal('deal-not-open', 'this deal is not open now');
  return refusal('deal-sold-out', 'so many are not left');
}

/** An order that is not paid gives back what it kept. */
async function letGo(
  platform: Platform,
  { settlement }: OrderParts,
  q: Tx,
  id: string,
  to: Extract<OrderStatus, 'expired' | 'cancelled'>,
): Promise<boolean> {
  const order = await rows.moveOrder(q, id, to);
  if (!order) return false;
  await settleStock(q, order.dealId, unitsOf(order), 'released');
  await giveBackQuota(q, order, unitsOf(order));
  await settlement.close(q, order.paymentId);
  await emitOrder(platform, q, order);
  return true;
}

/** What money, its return and its lack mean to an order; and what the pick-up does. */
function sellOrders(platform: Platform, parts: OrderParts): void {
  const { store, clock, jobs, audit } = platform;
  const groups = createGroups(platform, parts);
  closeDeals(platform, parts);
  /** What a paid order waits for, if for anything. */
  const goOn = async (q: Tx, order: rows.OrderRow): Promise<void> => {
    const mode = (await findDeal(q, order.dealId))?.mode;
    if (mode === 'at-once') return void (await makeReady(platform, parts, q, order.id));
    if (mode === 'group') await groups.join(q, order);
    const joined = await rows.findOrder(q, order.id);
    if (joined?.status === 'paid') await emitOrder(platform, q, joined);
  };
  parts.settlement.subject('order', {
    async paid(q, { subjectId }) {
      const order = await rows.moveOrder(q, subjectId, 'paid');
      if (!order) return false;
      await settleStock(q, order.dealId, unitsOf(order), 'sold');
      await audit(q, { who: 'system', action: 'order.paid', subject: order.id });
      await goOn(q, order);
      return true;
    },
    async refunded(q, { subjectId }) {
      const order = await rows.moveOrder(q, subjectId, 'refunded');
      if (!order) return;
      await settleStock(q, order.dealId, unitsOf(order), 'returned');
      await giveBackQuota(q, order, unitsOf(order));
      await emitOrder(platform, q, order);
    },
  });
  parts.pickups.onPickedUp(async (q, { orderId, at }) => {
    const order = await rows.moveOrder(q, orderId, 'picked-up', { pickedUpAt: at });
    if (!order) throw refusal('order-state', 'this order is not waiting to be picked up');
    await emitOrder(platform, q, order);
    const deal = await findDeal(q, order.dealId);
    const { buyerMasked: buyer, merchantId, residentId } = order;
    const [quantity, totalFen] = [unitsOf(order), fen(order.totalFen - order.backFen)];
    return { dealTitle: deal?.title ?? '', quantity, buyer, merchantId, residentId, totalFen };
  });
  jobs.handle('orders.expire', {
    everyMs: expireEveryMs,
    async run(_payload, { signal }) {
      const expire = (ids: readonly string[]) =>
        store.tx(async (q) => {
          for (const id of ids) await letGo(platform, parts, q, id, 'expired');
        });
      let due: readonly string[];
      do {
        due = await rows.dueOrders(store.read, clock.now(), expireAtOnce);
        await togetherOrEach(due, expire);
      } while (due.length === expireAtOnce && !signal.aborted);
    },
  });
}

/** One commit for all; if one of them can't, the others go without it. Rejects with what it met, once all have been tried. */
async function togetherOrEach(ids: readonly string[], work: (ids: readonly string[]) => Promise<void>): Promise<void> {
  try {
    await work(ids);
  } catch {
    const ends = await Promise.allSettled(ids.map((id) => work([id])));
    const failed = ends.find((end) => end.status === 'rejected');
    if (failed) throw failed.reason;
  }
}
