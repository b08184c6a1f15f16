import type { z } from 'zod';
import type { As } from '../platform/auth.ts';
import type { Page } from '../platform/contract.ts';
import { notFound } from '../platform/errors.ts';
import { once, type Call } from '../platform/idempotency.ts';
import type { Platform } from '../platform/platform.ts';
import type { ListedReport, Report, ReportDelivery, reportsQuery } from './contract.ts';
import { makeReports, type ReportSources } from './make-reports.ts';
import { createReportMessages } from './report-messages.ts';
import { createSchedules, type Schedules } from './schedule.ts';
import * as rows from './store.ts';

type Owner = As<'merchant'>;

export interface ScheduledReports {
  readonly schedules: Schedules;
  list(who: Owner, query: z.output<typeof reportsQuery>): Promise<Page<ListedReport>>;
  /** Rejects with `not-found`. */
  get(who: Owner, id: string): Promise<Report>;
  /** Tells the webhook once more. Rejects with `not-found`, `webhook-missing`, `too-many-requests`. */
  tellAgain(who: Owner, id: string, call: Call): Promise<Report>;
  /** Makes now what the job would at its next turn; for tests. */
  readonly run: (signal: AbortSignal) => Promise<void>;
}

export function createScheduledReports(platform: Platform, sources: ReportSources): ScheduledReports {
  const { store, clock, audit } = platform;
  const messages = createReportMessages(platform);
  const { run } = makeReports(platform, { ...sources, messages });

  const deliveriesOf = (found: readonly rows.ReportRow[]) =>
    messages.shown(
      store.read,
      found.map(({ deliveryId, deliveryAt, deliveryResult, deliveryDetail }) => ({
        deliveryId,
        at: deliveryAt,
        result: deliveryResult,
        detail: deliveryDetail,
      })),
    );
  const get = async (who: Owner, id: string): Promise<Report> => {
    const row = await rows.findReport(store.read, who.merchantId, id);
    if (!row) throw notFound('report');
    const [delivery = null] = await deliveriesOf([row]);
    return { ...listed(row, delivery), ...row.content };
  };

  return {
    schedules: createSchedules(platform, sources, messages),
    run,
    get,
    async list({ merchantId }, query) {
      const { rows: found, list } = await rows.listReports(store.read, { ...query, merchantId });
      const page = list.page(
        found,
        (row) => row.madeAt,
        (row) => row,
      );
      const deliveries = await deliveriesOf(page.items);
      return { ...page, items: page.items.map((row, n) => listed(row, deliveries[n] ?? null)) };
    },
    async tellAgain(who, id, call) {
      await store.tx((q) =>
        once(q, clock, call, async () => {
          const row = await rows.findReport(q, who.merchantId, id);
          if (!row) throw notFound('report');
          await messages.tellAgain(q, row);
          await audit(q, { who, action: 'report.send-again', subject: id });
        }),
      );
      return get(who, id);
    },
  };
}

const listed = (row: rows.ReportRow, delivery: ReportDelivery | null): ListedReport => ({
  id: row.id,
  kind: row.kind,
  from: row.fromDay,
  to: row.toDay,
  zone: row.zone,
  madeAt: row.madeAt,
  totals: row.content.totals,
  ...(row.content.segments && { segments: row.content.segments }),
  delivery,
});
