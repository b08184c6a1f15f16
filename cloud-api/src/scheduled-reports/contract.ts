import { z } from 'zod';
import { amountFen, atMs, id, pageQuery } from '../platform/contract.ts';
import { sharedSegment } from '../results/contract.ts';
import { reportKinds } from './rules.ts';

const count = z.int().nonnegative();
const localDay = z.string().regex(/^\d{4}-\d{2}-\d{2}$/);

/** What came of a campaign in a period, or of all of them. */
export const reportFigures = z.object({
  /** Touches that count, in thousandths; what line items count in people is in `people`. */
  verifiedMilliTouches: count,
  people: count,
  viewable: count,
  /** Half-hours that are told without what some screens have not reported. */
  silentHalfHours: count,
  scans: count,
  orders: count,
  pickedUp: count,
  /** What was ordered, in fen; and what the platform has earned of what was paid ahead. */
  orderFen: amountFen,
  earnedFen: z.int(),
});
export type ReportFigures = z.infer<typeof reportFigures>;

const campaignInReport = reportFigures.extend({ campaignId: id, campaignName: z.string() });

/** Groups that something was booked for: of them each touch counts as the part that is expected of the half-hour's passers-by. Reports of before this was told do not say. */
const segments = z.array(sharedSegment).readonly().optional();

/** As it is kept; never changed. */
export const reportContent = z.object({
  totals: reportFigures,
  segments,
  /** Those with most touches first. */
  campaigns: z.array(campaignInReport).readonly(),
  /** Campaigns that are in the totals alone, as there are too many. */
  campaignsLeftOut: count,
});
export type ReportContent = z.infer<typeof reportContent>;

/** What became of the message about a report. */
const delivery = z.object({
  state: z.enum(['sending', 'delivered', 'retrying', 'failed']),
  /** Of the last try. */
  at: atMs.nullable(),
  /** What the other side said, or why it could not be reached. */
  detail: z.string(),
  nextTryAt: atMs.nullable(),
});
export type ReportDelivery = z.infer<typeof delivery>;

/** `GET /v1/reports`, newest first. */
export const reportsQuery = pageQuery.extend({ kind: z.enum(reportKinds).optional() });
export const listedReport = z.object({
  id,
  kind: z.enum(reportKinds),
  /** Local days, both included. */
  from: localDay,
  to: localDay,
  /** Whose midnight ended it. */
  zone: z.string(),
  /** As things stood then: what was corrected later is in the results, not in here. */
  madeAt: atMs,
  totals: reportFigures,
  segments,
  /** Null: there was no webhook. */
  delivery: delivery.nullable(),
});
export type ListedReport = z.infer<typeof listedReport>;

/** `GET /v1/reports/:id` */
export const report = listedReport.extend(reportContent.shape);
export type Report = z.infer<typeof report>;

/** `GET /v1/reports/:id/report.csv` and `.xlsx` */
export const reportFileQuery = z.object({ lang: z.enum(['zh', 'en']).optional() });

/** `GET /v1/report-schedule` */
export const reportSchedule = z.object({
  daily: z.boolean(),
  weekly: z.boolean(),
  monthly: z.boolean(),
  /** Of the merchant's first store: days end at its midnight. */
  zone: z.string(),
  webhook: z
    .object({
      url: z.string(),
      /** Of the last message, try-outs included; null: there was none. */
      last: delivery.nullable(),
    })
    .nullable(),
});
export type ReportSchedule = z.infer<typeof reportSchedule>;

/** `PUT /v1/report-schedule` */
export const reportScheduleChange = z.object({
  daily: z.boolean(),
  weekly: z.boolean(),
  monthly: z.boolean(),
  webhook: z.object({ url: z.url().max(500), newSecret: z.boolean().default(false) }).nullable(),
});
/** The secret that signs the messages is in this answer alone: when an address is new, or a new one is asked for. */
export const reportScheduleChanged = z.object({ schedule: reportSchedule, secret: z.string().nullable() });
export type ReportScheduleChanged = z.infer<typeof reportScheduleChanged>;
