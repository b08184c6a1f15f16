import type { Columns } from '../platform/db/columns.ts';
import type { PickupStatus } from './rules.ts';

export function makeFulfilmentTables(c: Columns) {
  return {
    pickups: c.table(
      'pickups',
      {
        id: c.text().primaryKey(),
        orderId: c.text().notNull(),
        merchantId: c.text().notNull(),
        storeId: c.text().notNull(),
        /** Keyed hash of merchant and code: finds the code without knowing it. */
        tag: c.text().notNull(),
        /** The same while the code is active, null afterwards: unique per merchant, and so per store, while active. */
        activeTag: c.text(),
        /** The code, sealed for its owner's eyes. */
        sealed: c.text().notNull(),
        status: c.text<PickupStatus>().notNull(),
        issuedAt: c.at().notNull(),
        usedAt: c.at(),
        /** Account that verified it. */
        usedBy: c.text(),
      },
      (t) => [
        c.uniqueIndex('pickups_order').on(t.orderId),
        c.uniqueIndex('pickups_active').on(t.merchantId, t.activeTag),
        c.index('pickups_tag').on(t.merchantId, t.tag),
      ],
    ),
    /** Wrong codes that a merchant's staff typed in a minute. */
    pickupAttempts: c.table(
      'pickup_attempts',
      { merchantId: c.text().notNull(), window: c.at().notNull(), wrong: c.int().notNull() },
      (t) => [c.primaryKey({ columns: [t.merchantId, t.window] })],
    ),
  };
}
