import type { Placement } from '@gatecast/firmware-protocol/messages';
import { sql } from 'drizzle-orm';
import type { Columns } from '../platform/db/columns.ts';

export function makeCommunityTables(c: Columns) {
  return {
    propertyCompanies: c.table('property_companies', {
      id: c.text().primaryKey(),
      name: c.text().notNull(),
      createdAt: c.at().notNull(),
    }),
    communities: c.table(
      'communities',
      {
        id: c.text().primaryKey(),
        companyId: c.text().notNull(),
        name: c.text().notNull(),
        /** IANA zone in which its schedules live. */
        zone: c.text().notNull(),
        households: c.int().notNull(),
        /** Shares of the households, parts per million. */
        familiesPpm: c.int().notNull(),
        commutersPpm: c.int().notNull(),
        elderlyPpm: c.int().notNull(),
        createdAt: c.at().notNull(),
      },
      (t) => [
        c.index('communities_company').on(t.companyId, t.id),
        c.check('communities_profile', sql`${t.familiesPpm} + ${t.commutersPpm} + ${t.elderlyPpm} <= 1000000`),
      ],
    ),
    entrances: c.table(
      'entrances',
      {
        id: c.text().primaryKey(),
        communityId: c.text().notNull(),
        name: c.text().notNull(),
        placement: c.text<Placement>().notNull(),
      },
      (t) => [c.index('entrances_community').on(t.communityId, t.id)],
    ),
    units: c.table(
      'units',
      {
        id: c.text().primaryKey(),
        communityId: c.text().notNull(),
        building: c.text().notNull(),
        /** Digits as typed at the keypad. */
        number: c.text().notNull(),
      },
      (t) => [c.uniqueIndex('units_place').on(t.communityId, t.building, t.number)],
    ),
    residents: c.table(
      'residents',
      {
        id: c.text().primaryKey(),
        communityId: c.text().notNull(),
        unitId: c.text().notNull(),
        name: c.text().notNull(),
        phoneMasked: c.text().notNull(),
        hasPin: c.bool().notNull(),
        createdAt: c.at().notNull(),
      },
      (t) => [c.index('residents_community').on(t.communityId, t.id)],
    ),
  };
}
