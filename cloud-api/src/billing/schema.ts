import { sql } from 'drizzle-orm';
import type { Placement, Segment } from '@gatecast/firmware-protocol/messages';
import type { ScanType } from '../content/permit-contract.ts';
import type { NotCounted } from '../exposure/filter.ts';
import type { Columns } from '../platform/db/columns.ts';
import type { DisputeStatus, InvoiceStatus, LineKind, Party } from './rules.ts';

export function makeBillingTables(c: Columns) {
  return { ...makeInvoiceTables(c), ...makeLineTable(c), ...makeDisputeTables(c), ...makeOwnerTables(c) };
}

function makeInvoiceTables(c: Columns) {
  return {
    /** Half-hours of which something was reported that no bill says yet; written in the transaction of the report. */
    unbilledReports: c.table(
      'unbilled_reports',
      {
        campaignId: c.text().notNull(),
        communityId: c.text().notNull(),
        at: c.at().notNull(),
        madeAt: c.at().notNull(),
      },
      (t) => [
        c.primaryKey({ columns: [t.campaignId, t.communityId, t.at] }),
        c.index('unbilled_reports_made').on(t.madeAt),
      ],
    ),
    /** Line items that something was billed of. */
    bookingBills: c.table(
      'booking_bills',
      {
        bookingId: c.text().primaryKey(),
        merchantId: c.text().notNull(),
        createdAt: c.at().notNull(),
        /** When earned and sent back were made to be what was paid. */
        closedAt: c.at(),
      },
      (t) => [c.index('booking_bills_open').on(t.closedAt, t.bookingId)],
    ),
    /** One a line item and local month. */
    invoices: c.table(
      'invoices',
      {
        id: c.text().primaryKey(),
        bookingId: c.text().notNull(),
        campaignId: c.text().notNull(),
        merchantId: c.text().notNull(),
        /** `2026-11`. */
        month: c.text().notNull(),
        /** Ends the month in the zone of the line item's first community; a day and a half later it may be issued. */
        monthEnds: c.at().notNull(),
        status: c.text<InvoiceStatus>().notNull(),
        /** Frozen when it was issued. */
        issuedFen: c.big(),
        creditedFen: c.big().notNull().default(0),
        createdAt: c.at().notNull(),
        issuedAt: c.at(),
      },
      (t) => [
        c.uniqueIndex('invoices_month').on(t.bookingId, t.month),
        c.index('invoices_merchant').on(t.merchantId, t.createdAt),
        c.index('invoices_campaign').on(t.campaignId, t.createdAt),
        c.index('invoices_created').on(t.createdAt),
        c.index('invoices_due').on(t.status, t.monthEnds),
      ],
    ),
  };
}

function makeLineTable(c: Columns) {
  return {
    /** Append-only: what is told otherwise later is a line of its own. Everything that was ever earned is in here, and nothing else. */
    invoiceLines: c.table(
      'invoice_lines',
      {
        id: c.text().primaryKey(),
        invoiceId: c.text().notNull(),
        bookingId: c.text().notNull(),
        campaignId: c.text().notNull(),
        communityId: c.text().notNull(),
        at: c.at().notNull(),
        placement: c.text<Placement | 'any'>().notNull(),
        kind: c.text<LineKind>().notNull(),
        /** Of the exposure report; 0 where there is none behind it. Below 0: of what that report gives back, the part of a further bill. */
        reportVersion: c.int().notNull(),
        segment: c.text<Segment>().notNull(),
        /** Which part of a touch counted for the segment, in parts per million, on average. */
        expectedPpm: c.int().notNull(),
        /** Of the report: of the whole campaign in that half-hour. */
        rendered: c.int().notNull(),
        viewable: c.int().notNull(),
        completed: c.int().notNull(),
        filtered: c.json<Readonly<Partial<Record<NotCounted, number>>>>().notNull(),
        missing: c.int().notNull(),
        /** This line item's part of what is verified; of a correction, by how much it changed. */
        verifiedMilli: c.big().notNull(),
        /** Of a line item that counts people: those reached, thousandths of whom `verifiedMilli` is then. Null: it counts touches. */
        people: c.int(),
        touchPriceMilliFen: c.big().notNull(),
        amountFen: c.big().notNull(),
        /** Whose decision let the screen; null where none was in force. */
        decisionId: c.text(),
        ownersFen: c.big().notNull(),
        managementFen: c.big().notNull(),
        creditNoteId: c.text(),
        madeAt: c.at().notNull(),
      },
      (t) => [
        // The last line: no report is billed twice.
        c
          .uniqueIndex('invoice_lines_report')
          .on(t.bookingId, t.communityId, t.at, t.reportVersion)
          .where(sql`${t.reportVersion} > 0`),
        c.index('invoice_lines_cell').on(t.bookingId, t.communityId, t.at),
        c.index('invoice_lines_invoice').on(t.invoiceId, t.at, t.id),
        c.index('invoice_lines_community').on(t.communityId, t.madeAt),
      ],
    ),
  };
}

function makeDisputeTables(c: Columns) {
  return {
    disputes: c.table(
      'disputes',
      {
        id: c.text().primaryKey(),
        lineId: c.text().notNull(),
        invoiceId: c.text().notNull(),
        merchantId: c.text().notNull(),
        reason: c.text().notNull(),
        status: c.text<DisputeStatus>().notNull(),
        createdAt: c.at().notNull(),
        /** Until then the operator decides. */
        dueAt: c.at().notNull(),
        decidedBy: c.text(),
        decidedAt: c.at(),
        note: c.text(),
        creditNoteId: c.text(),
      },
      (t) => [
        c.index('disputes_merchant').on(t.merchantId, t.createdAt),
        c.index('disputes_status').on(t.status, t.createdAt),
        c.index('disputes_invoice').on(t.invoiceId, t.createdAt),
        // The last line: nothing is disputed twice at a time.
        c
          .uniqueIndex('disputes_one_open')
          .on(t.lineId)
          .where(sql`${t.status} = 'open'`),
      ],
    ),
    creditNotes: c.table(
      'credit_notes',
      {
        id: c.text().primaryKey(),
        invoiceId: c.text().notNull(),
        bookingId: c.text().notNull(),
        merchantId: c.text().notNull(),
        amountFen: c.big().notNull(),
        reason: c.text().notNull(),
        /** Null: nobody disputed it, a report was restated. */
        disputeId: c.text(),
        createdAt: c.at().notNull(),
      },
      (t) => [c.index('credit_notes_invoice').on(t.invoiceId, t.createdAt)],
    ),
  };
}

function makeOwnerTables(c: Columns) {
  return {
    /** What was published of a quarter; never changed: what comes later is in a later quarter. */
    ownerStatements: c.table(
      'owner_statements',
      {
        communityId: c.text().notNull(),
        /** `2026-Q4`. */
        quarter: c.text().notNull(),
        incomeFen: c.big().notNull(),
        managementFen: c.big().notNull(),
        ownersFen: c.big().notNull(),
        paidOwnersFen: c.big().notNull(),
        paidManagementFen: c.big().notNull(),
        /** Of the owners, at the end of the quarter. */
        owedOwnersFen: c.big().notNull(),
        madeAt: c.at().notNull(),
      },
      (t) => [c.primaryKey({ columns: [t.communityId, t.quarter] })],
    ),
    /** Money that the operator has handed over, with what proves it. */
    ownerPayouts: c.table(
      'owner_payouts',
      {
        id: c.text().primaryKey(),
        communityId: c.text().notNull(),
        party: c.text<Party>().notNull(),
        amountFen: c.big().notNull(),
        /** Local day. */
        paidOn: c.text().notNull(),
        fileSha256: c.text().notNull(),
        fileType: c.text<ScanType>().notNull(),
        recordedBy: c.text().notNull(),
        createdAt: c.at().notNull(),
      },
      (t) => [c.index('owner_payouts_community').on(t.communityId, t.createdAt)],
    ),
  };
}
