import { sql } from 'drizzle-orm';
import type { Columns } from '../platform/db/columns.ts';
import type { OrderStatus } from './contract.ts';
import type { GroupStatus } from './rules.ts';

export function makeGroupBuyTables(c: Columns) {
  return {
    deals: c.table(
      'deals',
      {
        id: c.text().primaryKey(),
        merchantId: c.text().notNull(),
        storeId: c.text().notNull(),
        communityId: c.text().notNull(),
        title: c.text().notNull(),
        description: c.text().notNull(),
        singlePriceFen: c.big().notNull(),
        groupPriceFen: c.big().notNull(),
        groupSize: c.int().notNull(),
        groupHours: c.int().notNull(),
        stock: c.int().notNull(),
        reserved: c.int().notNull(),
        sold: c.int().notNull(),
        perPersonMax: c.int().notNull(),
        opensAt: c.at().notNull(),
        closesAt: c.at().notNull(),
        /** The clip that advertises it, for its picture. */
        clipId: c.text(),
        createdAt: c.at().notNull(),
      },
      (t) => [
        c.index('deals_merchant').on(t.merchantId, t.createdAt),
        c.index('deals_community').on(t.communityId, t.createdAt),
        c.check(
          'deals_never_oversold',
          sql`${t.reserved} >= 0 and ${t.sold} >= 0 and ${t.reserved} + ${t.sold} <= ${t.stock}`,
        ),
      ],
    ),
    /** How many of a deal one resident has ordered. */
    dealQuotas: c.table(
      'deal_quotas',
      { dealId: c.text().notNull(), residentId: c.text().notNull(), quantity: c.int().notNull() },
      (t) => [
        c.primaryKey({ columns: [t.dealId, t.residentId] }),
        c.check('deal_quotas_not_negative', sql`${t.quantity} >= 0`),
      ],
    ),
    ...makeGroupTables(c),
    ...makeOrderTables(c),
  };
}

function makeGroupTables(c: Columns) {
  return {
    groups: c.table(
      'groups',
      {
        id: c.text().primaryKey(),
        dealId: c.text().notNull(),
        size: c.int().notNull(),
        paid: c.int().notNull(),
        status: c.text<GroupStatus>().notNull(),
        openedAt: c.at().notNull(),
        expiresAt: c.at().notNull(),
      },
      (t) => [
        c.index('groups_deal').on(t.dealId, t.status, t.openedAt),
        c.index('groups_due').on(t.status, t.expiresAt),
        c.check('groups_never_overfilled', sql`${t.paid} <= ${t.size}`),
      ],
    ),
    groupMembers: c.table('group_members', { groupId: c.text().notNull(), residentId: c.text().notNull() }, (t) => [
      c.primaryKey({ columns: [t.groupId, t.residentId] }),
    ]),
  };
}

function makeOrderTables(c: Columns) {
  return {
    orders: c.table(
      'orders',
      {
        id: c.text().primaryKey(),
        dealId: c.text().notNull(),
        merchantId: c.text().notNull(),
        storeId: c.text().notNull(),
        residentId: c.text().notNull(),
        quantity: c.int().notNull(),
        /** What was agreed, frozen. */
        unitPriceFen: c.big().notNull(),
        totalFen: c.big().notNull(),
        status: c.text<OrderStatus>().notNull(),
        groupId: c.text(),
        visitId: c.text(),
        paymentId: c.text().notNull(),
        payUntil: c.at().notNull(),
        pickedUpAt: c.at(),
        /** `王**` */
        buyerMasked: c.text().notNull(),
        createdAt: c.at().notNull(),
      },
      (t) => [
        c.index('orders_resident').on(t.residentId, t.createdAt),
        c.index('orders_merchant').on(t.merchantId, t.createdAt),
        c.index('orders_deal').on(t.dealId, t.createdAt),
        c.index('orders_group').on(t.groupId),
        c.index('orders_visit').on(t.visitId),
        c.index('orders_created').on(t.createdAt, t.id),
        c.index('orders_due').on(t.status, t.payUntil),
      ],
    ),
  };
}
