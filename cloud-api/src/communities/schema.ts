import type { Placement } from '@gatecast/firmware-protocol/messages';
import { isNotNull, sql } from 'drizzle-orm';
import type { Columns } from '../platform/db/columns.ts';
import type { ImportState, RowChange, RowError } from './imports/contract.ts';
import { childrenPassDefault, type DaySpan } from './children-pass.ts';
import type { Relation } from './resident-contract.ts';

/** `erased` is shown nowhere. */
export type ResidentState = 'active' | 'moved-out' | 'erased';

/** What an import changes of somebody who was there before. */
export interface ImportedBefore {
  readonly unitId: string;
  readonly name: string;
  readonly relation: Relation;
  readonly leaseEndsOn: string | null;
}

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
        /** Days for which the access log names people. */
        logDays: c.int().notNull().default(90),
        /** Whom somebody at the door can call, as the screens show it; null: none is shown. */
        officePhone: c.text(),
        /** No screen of the community is louder, whatever is set for it. */
        volumeCapPercent: c.int().notNull().default(100),
        /** In so many hours a complaint about a screen is to be answered. */
        complaintHours: c.int().notNull().default(24),
        /** When children pass its doors: what is not for them is not shown then. */
        childrenPass: c.json<readonly DaySpan[]>().notNull().default(childrenPassDefault),
        /** Where its main gate is, WGS-84 in millionths of a degree; null: nobody has said. */
        latMicro: c.int(),
        lonMicro: c.int(),
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
        /** Where the number does not tell it. */
        floor: c.int(),
        /** Its `placeKey`. */
        place: c.text().notNull().default(''),
      },
      (t) => [
        c.uniqueIndex('units_place').on(t.communityId, t.building, t.number),
        c.index('units_order').on(t.communityId, t.place, t.id),
      ],
    ),
    ...makeResidentTables(c),
    ...makeImportTables(c),
    /** Local days on which only the windows for holidays count. */
    holidays: c.table('holidays', { communityId: c.text().notNull(), date: c.text().notNull() }, (t) => [
      c.primaryKey({ columns: [t.communityId, t.date] }),
    ]),
  };
}

function makeResidentTables(c: Columns) {
  return {
    residents: c.table(
      'residents',
      {
        id: c.text().primaryKey(),
        communityId: c.text().notNull(),
        unitId: c.text().notNull(),
        name: c.text().notNull(),
        phoneMasked: c.text().notNull(),
        hasPin: c.bool().notNull(),
        hasDuressPin: c.bool().notNull().default(false),
        relation: c.text<Relation>().notNull().default('owner'),
        /** The last day of it, in the community's calendar. */
        leaseEndsOn: c.text(),
        /** Somebody who was erased keeps a row without a name, so that a second erasure finds nothing to do. */
        state: c.text<ResidentState>().notNull().default('active'),
        /** Null: the day on which the row was made. */
        movedInOn: c.text(),
        movedOutAt: c.at(),
        isChild: c.bool().notNull().default(false),
        guardianId: c.text(),
        /** Longer than the door's own time. */
        openMs: c.int(),
        /** Rises with each change of the record, so that an import knows what somebody changed since. */
        revision: c.int().notNull().default(0),
        /** Where the person stands in the list (`placeKey`), and what a search looks through (`searchText`). */
        place: c.text().notNull().default(''),
        searchText: c.text().notNull().default(''),
        createdAt: c.at().notNull(),
      },
      (t) => [
        c.index('residents_community').on(t.communityId, t.id),
        // With everything that a search asks for, so that one which finds nobody reads the index and not 100,000 rows.
        c.index('residents_place').on(t.communityId, t.place, t.id, t.state, t.relation, t.unitId, t.searchText),
        c.index('residents_unit').on(t.unitId, t.state, t.communityId),
        c.index('residents_guardian').on(t.guardianId),
        c.index('residents_lease').on(t.leaseEndsOn).where(isNotNull(t.leaseEndsOn)),
      ],
    ),
  };
}

function makeImportTables(c: Columns) {
  return {
    residentImports: c.table(
      'resident_imports',
      {
        id: c.text().primaryKey(),
        communityId: c.text().notNull(),
        filename: c.text().notNull(),
        state: c.text<ImportState>().notNull(),
        rows: c.int().notNull(),
        newRows: c.int().notNull(),
        changedRows: c.int().notNull(),
        unchangedRows: c.int().notNull(),
        /** The first of them; no value of the file. */
        errors: c.json<readonly RowError[]>().notNull(),
        errorCount: c.int().notNull(),
        done: c.int().notNull(),
        of: c.int().notNull(),
        accountId: c.text().notNull(),
        at: c.at().notNull(),
        /** When the application ended. */
        appliedAt: c.at(),
      },
      (t) => [c.index('resident_imports_community').on(t.communityId, t.at), c.index('resident_imports_at').on(t.at)],
    ),
    /**
     * What a file said, row by row. A phone is its tag and its mask from the start: nothing here can call anybody. The rows go a day after
     * the check, or a day after the application, when it can no longer be undone.
     */
    residentImportRows: c.table(
      'resident_import_rows',
      {
        importId: c.text().notNull(),
        row: c.int().notNull(),
        change: c.text<RowChange>().notNull(),
        /** How far it is: `waiting` is there to be applied, `applied` was, `taken-back` was and no longer is, `kept` could not be. */
        step: c.text<'waiting' | 'applied' | 'taken-back' | 'kept'>().notNull(),
        name: c.text().notNull(),
        phoneMasked: c.text().notNull(),
        phoneTag: c.text(),
        building: c.text().notNull(),
        unit: c.text().notNull(),
        relation: c.text<Relation>(),
        leaseEndsOn: c.text(),
        /** Whom it made or changed, what they were before, and the revision that it left. */
        residentId: c.text(),
        before: c.json<ImportedBefore>(),
        revision: c.int(),
        /** The unit that it made. */
        madeUnitId: c.text(),
      },
      (t) => [
        c.primaryKey({ columns: [t.importId, t.row] }),
        c.index('resident_import_rows_step').on(t.importId, t.step, t.row),
        c.index('resident_import_rows_resident').on(t.residentId),
        c.index('resident_import_rows_phone').on(t.phoneTag),
      ],
    ),
  };
}
