import type { z } from 'zod';
import type { Page } from '../platform/contract.ts';
import type {
  ListedReport,
  Report,
  ReportSchedule,
  reportScheduleChange,
  ReportScheduleChanged,
  reportsQuery,
} from './contract.ts';

/** What the slice of reports by schedule answers, for the typed client. */
export interface ScheduledReportEndpoints {
  'GET /v1/report-schedule': { result: ReportSchedule };
  'PUT /v1/report-schedule': { body: z.input<typeof reportScheduleChange>; result: ReportScheduleChanged };
  'POST /v1/report-schedule/try-out': { result: ReportSchedule };
  'GET /v1/reports': { query: z.input<typeof reportsQuery>; result: Page<ListedReport> };
  /** As files: `GET /v1/reports/:id/report.csv` and `report.xlsx`, so fetch them by `requestOf`. */
  'GET /v1/reports/:id': { result: Report };
  'POST /v1/reports/:id/send-again': { result: Report };
}
