import type { Pickups } from '../fulfilment/service.ts';
import type { Merchants } from '../merchants/service.ts';
import type { As } from '../platform/auth.ts';
import type { Platform } from '../platform/platform.ts';
import type { Settlement } from '../settlement/service.ts';
import type { Order } from './contract.ts';
import { findDeals } from './deal-store.ts';
import { findGroups } from './group-store.ts';
import type { OrderRow } from './order-store.ts';

interface ViewParts {
  readonly merchants: Merchants;
  readonly pickups: Pickups;
  readonly settlement: Settlement;
}

/** Orders as one party may see them: the code and the address to pay at are the buyer's alone. */
export function createOrderView({ store }: Platform, { merchants, pickups, settlement }: ViewParts) {
  return async (
    found: readonly OrderRow[],
    who: As<'operator' | 'merchant' | 'store-staff' | 'resident'>,
  ): Promise<Order[]> => {
    const q = store.read;
    const isBuyer = who.role === 'resident';
    const deals = await findDeals(
      q,
      found.map((o) => o.dealId),
    );
    const shops = await merchants.stores(
      q,
      found.map((o) => o.storeId),
    );
    const groups = await findGroups(
      q,
      found.flatMap((o) => (o.groupId === null ? [] : [o.groupId])),
    );
    const unpaid = found.filter((o) => o.status === 'awaiting-payment').map((o) => o.paymentId);
    const payUrls = isBuyer ? await settlement.payUrls(q, unpaid) : new Map<string, string>();
    const ready = found.filter((o) => o.status === 'ready' || o.status === 'picked-up').map((o) => o.id);
    const codes = isBuyer ? await pickups.codes(q, ready) : new Map<string, string>();
    return found.map((order) => {
      const shop = shops.get(order.storeId);
      const group = groups.get(order.groupId ?? '');
      return {
        ...order,
        dealTitle: deals.get(order.dealId)?.title ?? '',
        storeName: shop?.name ?? '',
        storeAddress: shop?.address ?? '',
        payUrl: payUrls.get(order.paymentId) ?? null,
        payUntil: order.status === 'awaiting-payment' ? order.payUntil : null,
        group: group
          ? { id: group.id, paid: group.paid, size: group.size, status: group.status, expiresAt: group.expiresAt }
          : null,
        pickupCode: codes.get(order.id) ?? null,
        buyer: order.buyerMasked,
      };
    });
  };
}
