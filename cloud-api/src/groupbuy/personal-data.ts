import { desc, eq } from 'drizzle-orm';
import { writtenAt, type PersonalData } from '../platform/privacy.ts';

/** What somebody bought. The amounts stay when the person goes: the ledger is made of them. */
export const orderData: PersonalData = {
  name: 'orders',
  async export(q, residentId) {
    const { orders: t, deals } = q.t;
    const orders = await q
      .select({ order: t, title: deals.title })
      .from(t)
      .leftJoin(deals, eq(deals.id, t.dealId))
      .where(eq(t.residentId, residentId))
      .orderBy(desc(t.createdAt), desc(t.id));
    return [
      {
        heading: { zh: '我的订单', en: 'My orders' },
        items: orders.map(({ order, title }) => ({
          id: order.id,
          deal: title,
          quantity: order.quantity,
          totalFen: order.totalFen,
          status: order.status,
          afterScan: order.visitId !== null,
          orderedAt: writtenAt(order.createdAt),
          pickedUpAt: writtenAt(order.pickedUpAt),
        })),
      },
    ];
  },
  async erase(q, residentId) {
    const t = q.t.orders;
    await q.update(t).set({ buyerMasked: '' }).where(eq(t.residentId, residentId));
  },
};
