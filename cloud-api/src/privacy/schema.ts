import type { Columns } from '../platform/db/columns.ts';
import type { ConsentPurpose, ViewedPart } from '../platform/privacy.ts';

export function makePrivacyTables(c: Columns) {
  return {
    /** What residents agreed to and took back, in order. Rows are never changed; they go when the person is erased. */
    consents: c.table(
      'consents',
      {
        no: c.rowId(),
        residentId: c.text().notNull(),
        purpose: c.text<ConsentPurpose>().notNull(),
        granted: c.bool().notNull(),
        /** Of the wording that they saw. */
        textVersion: c.int().notNull(),
        at: c.at().notNull(),
      },
      (t) => [c.index('consents_resident').on(t.residentId, t.purpose, t.no)],
    ),
    /** Who looked at a resident's data: once an hour for each account and part. */
    recordViews: c.table(
      'record_views',
      {
        no: c.rowId(),
        residentId: c.text().notNull(),
        what: c.text<ViewedPart>().notNull(),
        accountId: c.text().notNull(),
        /** The hour in which it happened; `at` is when in it. */
        hour: c.at().notNull(),
        at: c.at().notNull(),
        role: c.text().notNull(),
        companyId: c.text(),
      },
      (t) => [
        c.uniqueIndex('record_views_once').on(t.residentId, t.what, t.accountId, t.hour),
        c.index('record_views_resident').on(t.residentId, t.no),
        c.index('record_views_at').on(t.at),
      ],
    ),
  };
}
