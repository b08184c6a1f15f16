import { sql } from 'drizzle-orm';
import type { Columns } from '../platform/db/columns.ts';
import type { BookingStatus } from './rules.ts';

export function makeCampaignTables(c: Columns) {
  return {
    campaigns: c.table(
      'campaigns',
      {
        id: c.text().primaryKey(),
        /** Stands in the QR codes. */
        no: c.int().notNull(),
        merchantId: c.text().notNull(),
        name: c.text().notNull(),
        clipId: c.text().notNull(),
        dealId: c.text(),
        /** How often in how many days one person who opted in is shown it by one screen; null: no such cap. Both or neither. */
        capPlays: c.int(),
        capDays: c.int(),
        createdAt: c.at().notNull(),
      },
      (t) => [
        c.uniqueIndex('campaigns_no').on(t.no),
        c.index('campaigns_merchant').on(t.merchantId, t.createdAt),
        c.index('campaigns_clip').on(t.clipId),
      ],
    ),
    /** What of a half-hour is taken; made with the first booking. The check is the last line against overselling. */
    slots: c.table(
      'slots',
      {
        communityId: c.text().notNull(),
        at: c.at().notNull(),
        capacityTouches: c.int().notNull(),
        heldTouches: c.int().notNull(),
        soldTouches: c.int().notNull(),
      },
      (t) => [
        c.primaryKey({ columns: [t.communityId, t.at] }),
        c.check(
          'slots_never_oversold',
          sql`${t.heldTouches} >= 0 and ${t.soldTouches} >= 0 and ${t.heldTouches} + ${t.soldTouches} <= ${t.capacityTouches}`,
        ),
      ],
    ),
    /** The day that the newest plans of a community begin with. */
    planDays: c.table('plan_days', { communityId: c.text().primaryKey(), dayStart: c.at().notNull() }),
    bookings: c.table(
      'bookings',
      {
        id: c.text().primaryKey(),
        campaignId: c.text().notNull(),
        merchantId: c.text().notNull(),
        communityId: c.text().notNull(),
        at: c.at().notNull(),
        touches: c.int().notNull(),
        priceFen: c.big().notNull(),
        status: c.text<BookingStatus>().notNull(),
        holdUntil: c.at().notNull(),
        paymentId: c.text().notNull(),
        createdAt: c.at().notNull(),
      },
      (t) => [
        c.index('bookings_merchant').on(t.merchantId, t.createdAt),
        c.index('bookings_campaign').on(t.campaignId, t.createdAt),
        c.index('bookings_community').on(t.communityId, t.status, t.at),
        c.index('bookings_held').on(t.status, t.holdUntil),
      ],
    ),
  };
}
