import type { Columns } from '../platform/db/columns.ts';

/**
 * Why a line item was prolonged, as at its end something was missing of what had been bought: its place was taken off sale, its screens were silent, it was not
 * in the plan (its merchant or its clip was stopped for a while, say), or fewer people came than were expected.
 */
export const makeGoodReasons = ['shortfall', 'screens-away', 'not-for-sale', 'not-planned'] as const;
export type MakeGoodReason = (typeof makeGoodReasons)[number];

export function makeDeliveryTables(c: Columns) {
  return {
    /** One row: how often somebody wanted a new plan, and which of these wishes the newest one knows. */
    deliveryState: c.table('delivery_state', {
      id: c.text().primaryKey(),
      wanted: c.big().notNull(),
      planned: c.big().notNull(),
    }),
    /** Communities in which cells are written that no screen has been told of: in the transactions that write them, so that none is forgotten. */
    deliveryUnpublished: c.table('delivery_unpublished', { communityId: c.text().primaryKey() }),
    /** Each time that all running line items were planned anew. Kept for `replansKeptMs`. */
    replans: c.table(
      'replans',
      {
        id: c.rowId(),
        startedAt: c.at().notNull(),
        ms: c.int().notNull(),
        lineItems: c.int().notNull(),
        /** Of what is still owed, with its hedge, the part that found a place. */
        plannedPpm: c.int().notNull(),
        /** 0: as even over places and hours as can be; 1,000,000: not at all. */
        spreadPpm: c.int().notNull(),
        /** Half-hours of line items that are planned otherwise than before. */
        cellsChanged: c.int().notNull(),
        communitiesChanged: c.int().notNull(),
      },
      (t) => [c.index('replans_started').on(t.startedAt)],
    ),
    /** How each running line item is expected to end, by the newest plan. */
    deliveryOutlooks: c.table(
      'delivery_outlooks',
      {
        bookingId: c.text().primaryKey(),
        merchantId: c.text().notNull(),
        madeAt: c.at().notNull(),
        /** At its end, in milli-touches of its segment, with the bounds of chance. */
        expectedMilli: c.big().notNull(),
        lowMilli: c.big().notNull(),
        highMilli: c.big().notNull(),
        /** Since when less is expected than was bought; null: it is on course. */
        behindSince: c.at(),
      },
      (t) => [
        c.index('delivery_outlooks_behind').on(t.behindSince),
        c.index('delivery_outlooks_merchant').on(t.merchantId),
      ],
    ),
    /** What was added to a line item without a price. */
    makeGoods: c.table(
      'make_goods',
      {
        bookingId: c.text().notNull(),
        /** From 1 on. */
        no: c.int().notNull(),
        madeAt: c.at().notNull(),
        reason: c.text<MakeGoodReason>().notNull(),
        missingMilli: c.big().notNull(),
        fromAt: c.at().notNull(),
        toAt: c.at().notNull(),
      },
      (t) => [c.primaryKey({ columns: [t.bookingId, t.no] }), c.index('make_goods_made').on(t.madeAt)],
    ),
  };
}
