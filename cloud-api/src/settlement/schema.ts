import type { Columns } from '../platform/db/columns.ts';
import type { EntryKind, PaymentStatus, RefundStatus, TroubleEnding, TroubleKind } from './rules.ts';

export function makeSettlementTables(c: Columns) {
  return {
    /** What somebody was asked to pay, made before the money. Its id is the provider's out_trade_no. */
    payments: c.table(
      'payments',
      {
        id: c.text().primaryKey(),
        subjectKind: c.text().notNull(),
        subjectId: c.text().notNull(),
        /** The store that is merchant of record; null: the platform itself. */
        storeId: c.text(),
        amountFen: c.big().notNull(),
        description: c.text().notNull(),
        status: c.text<PaymentStatus>().notNull(),
        payUrl: c.text(),
        returnUrl: c.text(),
        /** Wanted back so far, in whole or in parts; never more than came. */
        refundedFen: c.big().notNull().default(0),
        expiresAt: c.at().notNull(),
        createdAt: c.at().notNull(),
      },
      (t) => [
        c.uniqueIndex('payments_subject').on(t.subjectKind, t.subjectId),
        c.index('payments_status').on(t.status, t.createdAt),
      ],
    ),
    /** Money that really came, one row a transaction of the provider's. */
    receipts: c.table(
      'receipts',
      {
        transactionId: c.text().primaryKey(),
        paymentId: c.text().notNull(),
        amountFen: c.big().notNull(),
        /** False: it came too late or twice, and goes back. */
        applied: c.bool().notNull(),
        refund: c.text<RefundStatus>().notNull(),
        refundNo: c.text().notNull(),
        receivedAt: c.at().notNull(),
        /** Whose account holds it where that is not the payment's: a store, or `platform`. Null: the payment's own. */
        heldBy: c.text(),
        /** Null: not, or before this was written down. */
        refundWantedAt: c.at(),
      },
      (t) => [
        c.index('receipts_payment').on(t.paymentId),
        c.uniqueIndex('receipts_refund_no').on(t.refundNo),
        c.index('receipts_refund').on(t.refund, t.refundNo),
      ],
    ),
    /** Parts of a payment that go back, one row a refund of the provider's. What goes back as a whole stands in `receipts`. */
    partRefunds: c.table(
      'part_refunds',
      {
        /** The provider's out_refund_no. */
        refundNo: c.text().primaryKey(),
        paymentId: c.text().notNull(),
        transactionId: c.text().notNull(),
        amountFen: c.big().notNull(),
        status: c.text<RefundStatus>().notNull(),
        wantedAt: c.at().notNull(),
        doneAt: c.at(),
      },
      (t) => [c.index('part_refunds_payment').on(t.paymentId), c.index('part_refunds_status').on(t.status, t.wantedAt)],
    ),
    /** Our private keys at the providers, sealed: two processes sign with the same one. */
    paymentKeys: c.table('payment_keys', {
      provider: c.text().primaryKey(),
      publicKeyPem: c.text().notNull(),
      sealed: c.text().notNull(),
      createdAt: c.at().notNull(),
    }),
    ...makeTroubleTables(c),
    ...makeLedgerTables(c),
  };
}

function makeTroubleTables(c: Columns) {
  return {
    /** Money that is not as it was asked for, or that does not go back; somebody deals with each. */
    paymentTroubles: c.table(
      'payment_troubles',
      {
        id: c.text().primaryKey(),
        kind: c.text<TroubleKind>().notNull(),
        /** The provider's transaction, or the number of a refund. */
        subjectNo: c.text().notNull(),
        paymentId: c.text(),
        amountFen: c.big().notNull(),
        expectedFen: c.big(),
        merchantNo: c.text(),
        reason: c.text(),
        at: c.at().notNull(),
        endedAt: c.at(),
        endedBy: c.text(),
        ending: c.text<TroubleEnding>(),
        note: c.text(),
      },
      (t) => [
        c.uniqueIndex('payment_troubles_subject').on(t.kind, t.subjectNo),
        c.index('payment_troubles_open').on(t.endedAt, t.at),
        c.index('payment_troubles_at').on(t.at, t.id),
      ],
    ),
  };
}

function makeLedgerTables(c: Columns) {
  return {
    /** Append-only. One row a movement of money; nothing is posted twice. */
    ledgerSets: c.table(
      'ledger_sets',
      {
        id: c.rowId(),
        kind: c.text<EntryKind>().notNull(),
        businessNo: c.text().notNull(),
        at: c.at().notNull(),
      },
      (t) => [c.uniqueIndex('ledger_sets_business').on(t.kind, t.businessNo)],
    ),
    ledgerEntries: c.table(
      'ledger_entries',
      {
        id: c.rowId(),
        setId: c.big().notNull(),
        account: c.text().notNull(),
        amountFen: c.big().notNull(),
      },
      (t) => [c.index('ledger_entries_set').on(t.setId), c.index('ledger_entries_account').on(t.account, t.id)],
    ),
  };
}
