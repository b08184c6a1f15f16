import type { Pickups } from '../fulfilment/service.ts';
import type { Tx } from '../platform/db/store.ts';
import type { Platform } from '../platform/platform.ts';
import { emitOrder } from './order-events.ts';
import { moveOrder, type OrderRow } from './order-store.ts';

/** A paid order begins to wait for its buyer, with a code. Undefined if it is not where that step begins. */
export async function makeReady(
  platform: Platform,
  { pickups }: { readonly pickups: Pick<Pickups, 'issue'> },
  q: Tx,
  id: string,
): Promise<OrderRow | undefined> {
  const order = await moveOrder(q, id, 'ready');
  if (!order) return undefined;
  await pickups.issue(q, order);
  await emitOrder(platform, q, order);
  return order;
}
