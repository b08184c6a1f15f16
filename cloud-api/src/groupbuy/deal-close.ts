import { fen, invariant, seconds } from '@gatecast/firmware-protocol';
import type { Tx } from '../platform/db/store.ts';
import type { Platform } from '../platform/platform.ts';
import * as closing from './closing-store.ts';
import { findDeal, giveBackQuota, settleStock, type DealRow } from './deal-store.ts';
import { backOf, outcomeOf } from './deal-outcome.ts';
import type { GroupParts } from './groups.ts';
import { emitOrder } from './order-events.ts';
import { makeReady } from './order-ready.ts';
import { moveOrder, type OrderRow } from './order-store.ts';
import { unitsOf } from './rules.ts';

const lookEveryMs = seconds(5);
/** Looked at in one run; the rest a few seconds later. */
const dealsAtOnce = 50;
/** Told in one transaction: one wait for the disk, and on SQLite the writer is held for some 10 ms. */
const ordersAtOnce = 50;

/**
 * Ends deals of whole communities: when the time is over and nothing is unpaid any more, it is decided once what everybody gets at which price; then each
 * order is told, and what was paid too much goes back. What was begun and cut short goes on from where it was.
 */
export function closeDeals(platform: Platform, parts: GroupParts): void {
  const { store, clock, jobs } = platform;
  jobs.handle('deals.close', {
    everyMs: lookEveryMs,
    async run(_payload, { signal }) {
      for (const id of await closing.dueDeals(store.read, clock.now(), dealsAtOnce)) {
        await store.tx((q) => decide(platform, q, id));
        while (!signal.aborted && (await store.tx((q) => tellSome(platform, parts, q, id))));
      }
    },
  });
}

/** What the deal comes to is written once, with what each order gets of it. */
async function decide({ clock, audit }: Platform, q: Tx, id: string): Promise<void> {
  const deal = await findDeal(q, id);
  if (!deal || deal.outcome !== null) return;
  const outcome = outcomeOf(termsOf(deal), await closing.paidOrders(q, id));
  const priceFen = outcome.is === 'complete' ? outcome.priceFen : null;
  if (!(await closing.writeOutcome(q, id, { outcome: outcome.is, finalPriceFen: priceFen, decidedAt: clock.now() })))
    return;
  if (outcome.is === 'complete') await closing.writeGot(q, id, outcome.got);
  const facts = outcome.is === 'complete' ? { units: outcome.units, priceFen: outcome.priceFen } : {};
  await audit(q, { who: 'system', action: `deal.${outcome.is}`, subject: id, facts });
}

/** A store that stands for its deal delivers what was ordered, however few and whether or not it fills a case. */
function termsOf({ groupPriceFen, tiers, guaranteed, minUnits, minPeople, packUnits }: DealRow) {
  const asked = { firstPriceFen: groupPriceFen, tiers: tiers ?? [] };
  return guaranteed
    ? { ...asked, minUnits: 0, minPeople: 0, packUnits: 1 }
    : { ...asked, minUnits, minPeople, packUnits };
}

/** Tells some orders what became of them; false when all know. */
async function tellSome(platform: Platform, parts: GroupParts, q: Tx, id: string): Promise<boolean> {
  const deal = await findDeal(q, id);
  if (!deal || deal.outcome === null || deal.settledAt !== null) return false;
  const untold = await closing.untoldOrders(q, id, ordersAtOnce);
  for (const order of untold) await tell(platform, parts, q, deal, order);
  if (untold.length === ordersAtOnce) return true;
  await closing.markSettled(q, id, platform.clock.now());
  return false;
}

async function tell(platform: Platform, parts: GroupParts, q: Tx, deal: DealRow, order: OrderRow): Promise<void> {
  await giveBack(q, order);
  const units = deal.outcome === 'complete' ? unitsOf(order) : 0;
  if (units === 0) {
    const moved = await moveOrder(q, order.id, 'refunding');
    invariant(moved, 'a paid order can go back');
    await parts.settlement.refund(q, order.paymentId);
    return emitOrder(platform, q, moved);
  }
  invariant(deal.finalPriceFen !== null, 'a deal that came about has a price');
  const backFen = backOf(order, units, deal.finalPriceFen);
  if (backFen > 0) {
    await closing.writeBack(q, order.id, backFen);
    await parts.settlement.refundPart(q, order.paymentId, { name: 'close', amountFen: fen(backFen) });
  }
  await makeReady(platform, parts, q, order.id);
}

/** What was paid for and is not had. What goes back as a whole is given back with its money. */
async function giveBack(q: Tx, order: OrderRow): Promise<void> {
  const spare = order.quantity + order.extraUnits - unitsOf(order);
  if (spare === 0) return;
  await settleStock(q, order.dealId, spare, 'returned');
  await giveBackQuota(q, order, spare);
}
