import type { Tx } from '../platform/db/store.ts';
import type { Platform } from '../platform/platform.ts';
import type { OrderRow } from './order-store.ts';

/** Tells the buyer, the store's merchant and the operator how an order stands. */
export async function emitOrder({ events }: Platform, q: Tx, order: OrderRow): Promise<void> {
  const { id, dealId, quantity, totalFen, status, visitId, merchantId, storeId, residentId } = order;
  await events.emit(q, {
    type: 'order',
    subject: id,
    facts: { dealId, quantity, totalFen, status, visitId },
    merchantId,
    storeId,
    residentId,
  });
}
