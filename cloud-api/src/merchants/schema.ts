import type { Columns } from '../platform/db/columns.ts';

export function makeMerchantTables(c: Columns) {
  return {
    merchants: c.table('merchants', {
      id: c.text().primaryKey(),
      name: c.text().notNull(),
      createdAt: c.at().notNull(),
    }),
    stores: c.table(
      'stores',
      {
        id: c.text().primaryKey(),
        merchantId: c.text().notNull(),
        name: c.text().notNull(),
        address: c.text().notNull(),
        communityId: c.text().notNull(),
        hours: c.text().notNull(),
        createdAt: c.at().notNull(),
      },
      (t) => [c.index('stores_merchant').on(t.merchantId), c.index('stores_community').on(t.communityId)],
    ),
  };
}
