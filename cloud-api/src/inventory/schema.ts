import { sql } from 'drizzle-orm';
import type { Placement, Segment } from '@gatecast/firmware-protocol/messages';
import type { DaySpan } from '../communities/children-pass.ts';
import type { Category } from '../content/categories.ts';
import type { ScanType } from '../content/permit-contract.ts';
import type { Columns } from '../platform/db/columns.ts';
import type { DecisionStatus } from './decision-rules.ts';
import type { SoldProduct } from './products.ts';

export function makeInventoryTables(c: Columns) {
  return {
    /** What the owners of a community decided on their screens (业主共同决定). A row's terms never change; another decision takes its place. */
    ownerDecisions: c.table(
      'owner_decisions',
      {
        id: c.text().primaryKey(),
        communityId: c.text().notNull(),
        title: c.text().notNull(),
        /** Local day, `2026-11-23`. */
        decidedOn: c.text().notNull(),
        /** The document as it was handed in, a picture or a PDF. */
        fileSha256: c.text().notNull(),
        fileType: c.text<ScanType>().notNull(),
        /** The document was deleted then; what was decided stays. */
        fileDeletedAt: c.at(),
        /** The scope: where, at which local hours (none: all day), what not, and what of the income is the owners'. */
        placements: c.json<readonly Placement[]>().notNull(),
        hours: c.json<readonly DaySpan[]>().notNull(),
        excluded: c.json<readonly Category[]>().notNull(),
        ownersSharePpm: c.int().notNull(),
        /** Of the income, for whoever manages it; of what is left the owners get their share. */
        managementPpm: c.int().notNull(),
        /** Nothing is sold from here on. */
        validTo: c.at().notNull(),
        status: c.text<DecisionStatus>().notNull(),
        recordedBy: c.text().notNull(),
        createdAt: c.at().notNull(),
        /** When somebody confirmed or refused it. */
        decidedBy: c.text(),
        decidedAt: c.at(),
        /** From when it was in force, and when something else took its place or the owners took it back. */
        inForceFrom: c.at(),
        endedAt: c.at(),
        /** Why it was refused or revoked. */
        note: c.text(),
      },
      (t) => [
        c.index('owner_decisions_community').on(t.communityId, t.status),
        c.index('owner_decisions_status').on(t.status, t.createdAt),
        // The last line: whatever two processes do, one decision is in force.
        c
          .uniqueIndex('owner_decisions_one_in_force')
          .on(t.communityId)
          .where(sql`${t.status} = 'in-force'`),
      ],
    ),
    ...makePriceTables(c),
  };
}

function makePriceTables(c: Columns) {
  return {
    /** Prices. A line never changes: it ends, and another one begins. */
    rateLines: c.table(
      'rate_lines',
      {
        id: c.text().primaryKey(),
        /** Null: the whole network. */
        communityId: c.text(),
        /** Null, here and below: any. */
        placement: c.text<Placement>(),
        segment: c.text<Segment>(),
        product: c.text<SoldProduct>(),
        /** Days of the week (1 Monday to 7 Sunday) and local minutes; over midnight where it ends no later than it begins. */
        weekdays: c.json<readonly number[]>(),
        fromMinute: c.int(),
        toMinute: c.int(),
        touchPriceFen: c.big().notNull(),
        /** Of the half-hours that it is a price of. */
        validFrom: c.at().notNull(),
        /** Null: until further notice. */
        validTo: c.at(),
        createdBy: c.text().notNull(),
        createdAt: c.at().notNull(),
      },
      (t) => [c.index('rate_lines_community').on(t.communityId, t.validTo)],
    ),
    /** Local days on which nothing is sold and nothing paid is shown. */
    blackouts: c.table(
      'blackouts',
      {
        id: c.text().primaryKey(),
        /** Null: the whole network. */
        communityId: c.text(),
        /** Local days of each community, both included. */
        firstDay: c.text().notNull(),
        lastDay: c.text().notNull(),
        reason: c.text().notNull(),
        createdBy: c.text().notNull(),
        createdAt: c.at().notNull(),
        liftedAt: c.at(),
        liftedBy: c.text(),
      },
      (t) => [c.index('blackouts_community').on(t.communityId, t.lastDay)],
    ),
  };
}
