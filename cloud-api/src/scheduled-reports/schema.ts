import type { Columns } from '../platform/db/columns.ts';
import type { ReportContent } from './contract.ts';
import type { ReportKind } from './rules.ts';

export function makeScheduledReportTables(c: Columns) {
  return {
    /** Which reports a merchant wants. Of who wants none there is no row. */
    reportSchedules: c.table(
      'report_schedules',
      {
        merchantId: c.text().primaryKey(),
        /** The first day of the period that is told next; null: not wanted. */
        nextDaily: c.text(),
        nextWeekly: c.text(),
        nextMonthly: c.text(),
        /** When a period may be told; null: none is wanted. */
        lookAt: c.at(),
        webhookUrl: c.text(),
        /** Names the secret that signs, which is derived and stands nowhere. */
        webhookKey: c.text(),
        /** The newest try-out of the webhook: older ones are not sent any more. */
        testId: c.text(),
        /** What became of the last message, try-outs included. */
        lastDeliveryId: c.text(),
        lastAt: c.at(),
        lastResult: c.text<'delivered' | 'failed'>(),
        lastDetail: c.text(),
        askedAt: c.at(),
        changedAt: c.at().notNull(),
      },
      (t) => [c.index('report_schedules_look').on(t.lookAt)],
    ),
    /** What a merchant was told of a period, once and for good. */
    scheduledReports: c.table(
      'scheduled_reports',
      {
        merchantId: c.text().notNull(),
        kind: c.text<ReportKind>().notNull(),
        /** Local days, both included. */
        fromDay: c.text().notNull(),
        toDay: c.text().notNull(),
        id: c.text().notNull(),
        zone: c.text().notNull(),
        content: c.json<ReportContent>().notNull(),
        madeAt: c.at().notNull(),
        /** The newest message about it; null: there was no webhook. */
        deliveryId: c.text(),
        deliveryAskedAt: c.at(),
        deliveryAt: c.at(),
        /** Null: it was not tried yet. */
        deliveryResult: c.text<'delivered' | 'failed'>(),
        deliveryDetail: c.text(),
      },
      (t) => [
        c.primaryKey({ columns: [t.merchantId, t.kind, t.fromDay] }),
        c.uniqueIndex('scheduled_reports_id').on(t.id),
        c.index('scheduled_reports_merchant').on(t.merchantId, t.madeAt, t.id),
        c.index('scheduled_reports_made').on(t.madeAt),
      ],
    ),
  };
}
