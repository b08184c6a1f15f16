import { sql } from 'drizzle-orm';
import type { Columns } from '../platform/db/columns.ts';
import type { Placement, Segment } from '@gatecast/firmware-protocol/messages';
import type { SoldLines } from '../allocation/sold-lines.ts';
import type { Daypart, Product } from './line-item.ts';
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
    ...makeBookingTables(c),
  };
}

function makeBookingTables(c: Columns) {
  return {
    /** What versions before line items took of a half-hour; read by nobody now, and dropped once none of them can run beside this one. */
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
    /**
     * Rises with every change of what is held, sold or given back, in its transaction: whoever has computed that something is left says at which
     * version, and one of two who did so at the same one computes again. The last line against overselling.
     */
    inventoryState: c.table('inventory_state', { id: c.text().primaryKey(), version: c.big().notNull() }),
    /** Where a line item may play. */
    bookingPlaces: c.table(
      'booking_places',
      { bookingId: c.text().notNull(), communityId: c.text().notNull() },
      (t) => [
        c.primaryKey({ columns: [t.bookingId, t.communityId] }),
        c.index('booking_places_community').on(t.communityId, t.bookingId),
      ],
    ),
    /**
     * What a paid line item owes in which half-hour by the newest plan, in milli-touches of its segment; what lies in the past stays as it was planned then.
     * Of every line item that is or was paid; of one that was wholly sent back what had been reported.
     */
    bookingCells: c.table(
      'booking_cells',
      {
        bookingId: c.text().notNull(),
        campaignId: c.text().notNull(),
        merchantId: c.text().notNull(),
        communityId: c.text().notNull(),
        at: c.at().notNull(),
        /** `any`: wherever somebody comes by first. */
        placement: c.text<Placement | 'any'>().notNull(),
        plannedMilli: c.big().notNull(),
        /** The part of all touches at these doors at which it plays; null: whatever it needs, as the half-hour is all that it has. */
        sharePpm: c.int(),
        /** Of a door from which some screens are away: the part at which those play on by what they have. Null: all of them are there. */
        keptPpm: c.int(),
        /** Its part of what the campaign's newest report says; null: nothing is reported yet. */
        deliveredMilli: c.big(),
      },
      (t) => [
        c.primaryKey({ columns: [t.bookingId, t.communityId, t.at, t.placement] }),
        c.index('booking_cells_at').on(t.at),
        c.index('booking_cells_community').on(t.communityId, t.at),
        c.index('booking_cells_campaign').on(t.campaignId, t.at),
        c.index('booking_cells_merchant').on(t.merchantId, t.at),
      ],
    ),
    /**
     * The screens among which the people of a community are shared out for a line item that stops at so many: those that were there when it was first told to any.
     * Whoever belonged to another would have been counted there already.
     */
    peopleScreens: c.table(
      'people_screens',
      {
        bookingId: c.text().notNull(),
        communityId: c.text().notNull(),
        terminalId: c.text().notNull(),
        /** Another machine has its place, which does not know whom this one reached. */
        gone: c.bool().notNull().default(false),
      },
      (t) => [
        c.primaryKey({ columns: [t.bookingId, t.communityId, t.terminalId] }),
        c.index('people_screens_terminal').on(t.terminalId),
      ],
    ),
    ...makeLineItemTable(c),
  };
}

function makeLineItemTable(c: Columns) {
  return {
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
        /** The line item: what `communityId` and `at` are the first of. Null end: one half-hour. */
        toAt: c.at(),
        /**
         * Its local days, both included, of whichever zone a community has: `at` and `toAt` are the first and last moment of them anywhere. Null: the moments
         * are those of every community.
         */
        firstDay: c.text(),
        lastDay: c.text(),
        /** Of a segment that is only a share of whoever comes: the whole touches that were sold for it, so that all who reckon with them reckon alike. */
        soldLines: c.json<SoldLines>(),
        product: c.text<Product>().notNull().default('touches'),
        /** Null: every half-hour of the span; every placement. */
        dayparts: c.json<readonly Daypart[]>(),
        placements: c.json<readonly Placement[]>(),
        segment: c.text<Segment>().notNull().default('all'),
        /** Of the product: distinct people; part of the touches in parts per million. */
        people: c.int(),
        sharePpm: c.int(),
        /** At most so many touches on one local day of one community. */
        dayCapTouches: c.int(),
        /** Part of the touches at which a house clip plays instead, to see what the campaign changed. */
        holdoutPpm: c.int().notNull().default(0),
        /** Null: it runs. */
        pausedAt: c.at(),
        /** Who paused it: what the operator paused, its merchant does not resume. Null: it runs, or its merchant did. */
        pausedBy: c.text<'operator' | 'merchant'>(),
        pausedReason: c.text(),
        /** Ends with the half-hour of that moment; what is not delivered goes back once that is known. */
        cancelledAt: c.at(),
        /** Sent back so far, of the price. */
        refundedFen: c.big().notNull().default(0),
        /** Verified so far of its segment: the sum of its cells, as far as they are reported. */
        deliveredMilli: c.big().notNull().default(0),
        /** Of `inventory_state` when its claim on the inventory last changed: who knows an older version asks for what is newer. */
        inventoryVersion: c.big().notNull().default(0),
        /** When it was settled: its last half-hours are closed, and what fell short was made good or sent back. */
        settledAt: c.at(),
      },
      (t) => [
        c.index('bookings_merchant').on(t.merchantId, t.createdAt),
        c.index('bookings_campaign').on(t.campaignId, t.createdAt),
        c.index('bookings_community').on(t.communityId, t.status, t.at),
        c.index('bookings_held').on(t.status, t.holdUntil),
        c.index('bookings_changed').on(t.inventoryVersion),
        c.index('bookings_running').on(t.status, t.settledAt, t.toAt),
      ],
    ),
  };
}
