import type { Columns } from '../platform/db/columns.ts';
import type { ContactCheck, MerchantStatus, PayeeMask } from './rules.ts';

export function makeMerchantTables(c: Columns) {
  return {
    merchants: c.table(
      'merchants',
      {
        id: c.text().primaryKey(),
        name: c.text().notNull(),
        /** Whom the operator entered, and who was here before anybody could sign up, is approved. */
        status: c.text<MerchantStatus>().notNull().default('approved'),
        /** Stable code: why it was rejected or suspended. */
        reason: c.text(),
        note: c.text(),
        decidedBy: c.text(),
        decidedAt: c.at(),
        /** When it signed up, or applied again. */
        appliedAt: c.at(),
        /** Unified social credit code (GB 32100). */
        licenceNumber: c.text(),
        /** Photo of the business licence, without what the camera noted; null also once it was deleted. */
        licenceSha256: c.text(),
        licenceAt: c.at(),
        /** Where its money goes, sealed; and what of it may be shown. */
        payeeSealed: c.text(),
        payeeMask: c.json<PayeeMask>(),
        payeeAt: c.at(),
        /** Who of the operator made sure that it is the merchant who signed up, how and when; null: not approved yet, entered by hand, or from before. */
        contactCheckedBy: c.text(),
        contactCheckedAt: c.at(),
        contactCheckedHow: c.text<ContactCheck>(),
        createdAt: c.at().notNull(),
      },
      (t) => [c.index('merchants_status').on(t.status, t.appliedAt), c.index('merchants_licence').on(t.licenceNumber)],
    ),
    stores: c.table(
      'stores',
      {
        id: c.text().primaryKey(),
        merchantId: c.text().notNull(),
        name: c.text().notNull(),
        address: c.text().notNull(),
        communityId: c.text().notNull(),
        hours: c.text().notNull(),
        /** Where its door is, WGS-84 in millionths of a degree; null: it has not said. */
        latMicro: c.int(),
        lonMicro: c.int(),
        createdAt: c.at().notNull(),
      },
      (t) => [c.index('stores_merchant').on(t.merchantId), c.index('stores_community').on(t.communityId)],
    ),
  };
}
