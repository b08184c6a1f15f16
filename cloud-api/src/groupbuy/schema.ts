import { sql } from 'drizzle-orm';
import type { Columns } from '../platform/db/columns.ts';
import type { DealKind, DealMode, OrderStatus } from './contract.ts';
import type { PriceTier } from './price-tiers.ts';
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
        kind: c.text<DealKind>().notNull().default('goods'),
        mode: c.text<DealMode>().notNull().default('group'),
        /** The store delivers however few they are. */
        guaranteed: c.bool().notNull().default(false),
        minUnits: c.int().notNull().default(0),
        minPeople: c.int().notNull().default(0),
        /** Frozen; null: one price. */
        tiers: c.json<readonly PriceTier[]>(),
        packUnits: c.int().notNull().default(1),
        /** Of a deal of a whole community: what became of it, once. */
        outcome: c.text<'complete' | 'failed'>(),
        finalPriceFen: c.big(),
        decidedAt: c.at(),
        /** When the last of its orders had been told so. */
        settledAt: c.at(),
        createdAt: c.at().notNull(),
      },
      (t) => [
        c.index('deals_merchant').on(t.merchantId, t.createdAt),
        c.index('deals_community').on(t.communityId, t.createdAt),
        c.index('deals_due').on(t.mode, t.settledAt, t.closesAt),
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
        /** Would be taken on top if it fills a case; reserved and paid like the rest. */
        extraUnits: c.int().notNull().default(0),
        /** What the deal gave, once it is decided. */
        gotUnits: c.int(),
        /** Sent back as the price fell or as less was to be had. */
        backFen: c.big().notNull().default(0),
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
