import type { Columns } from '../platform/db/columns.ts';

export function makeAttributionTables(c: Columns) {
  return {
    /** One scan of a QR code. No address, device or person: whoever orders with it says who they are. */
    visits: c.table(
      'visits',
      {
        id: c.text().primaryKey(),
        terminalId: c.text().notNull(),
        entranceId: c.text().notNull(),
        communityId: c.text().notNull(),
        /** Of the play. */
        halfHour: c.at().notNull(),
        campaignId: c.text().notNull(),
        merchantId: c.text().notNull(),
        dealId: c.text(),
        clipPrefix: c.text().notNull(),
        at: c.at().notNull(),
      },
      (t) => [
        c.index('visits_at').on(t.at),
        c.index('visits_merchant').on(t.merchantId, t.at),
        c.index('visits_campaign').on(t.campaignId, t.at),
      ],
    ),
  };
}
