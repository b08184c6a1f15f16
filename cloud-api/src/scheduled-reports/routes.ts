import { z } from 'zod';
import { allow, ownRows } from '../platform/auth.ts';
import { id, page } from '../platform/contract.ts';
import { languageOf } from '../platform/language.ts';
import type { Platform } from '../platform/platform.ts';
import { sheetFileTypes, type SheetFile } from '../platform/sheet-files.ts';
import {
  listedReport,
  report,
  reportFileQuery,
  reportSchedule,
  reportScheduleChange,
  reportScheduleChanged,
  reportsQuery,
} from './contract.ts';
import { reportSheet } from './report-sheet.ts';
import type { ScheduledReports } from './service.ts';

const tag = 'reports';
const right = allow(['merchant'], ownRows);
const byId = z.object({ id });

export function scheduledReportRoutes(platform: Platform, reports: ScheduledReports): void {
  scheduleRoutes(platform, reports);
  reportRoutes(platform, reports);
  fileRoutes(platform, reports);
}

function scheduleRoutes({ api }: Platform, { schedules }: ScheduledReports): void {
  api.route(
    {
      method: 'get',
      path: '/v1/report-schedule',
      tag,
      summary: 'Which reports are made by themselves, and what becomes of the webhook',
      right,
      reply: reportSchedule,
    },
    ({ who }) => schedules.of(who),
  );
  api.route(
    {
      method: 'put',
      path: '/v1/report-schedule',
      tag,
      summary: 'Switch daily, weekly and monthly reports, and set a webhook: its secret is shown once',
      right,
      body: reportScheduleChange,
      reply: reportScheduleChanged,
    },
    ({ who, body, call }) => schedules.change(who, body, call),
  );
  api.route(
    {
      method: 'post',
      path: '/v1/report-schedule/try-out',
      tag,
      summary: 'Send the webhook a message that says it is a test',
      right,
      reply: reportSchedule,
      status: 202,
    },
    ({ who, call }) => schedules.tryOut(who, call),
  );
}

function reportRoutes({ api }: Platform, reports: ScheduledReports): void {
  api.route(
    {
      method: 'get',
      path: '/v1/reports',
      tag,
      summary: 'Reports that were made, newest first',
      right,
      query: reportsQuery,
      reply: page(listedReport),
    },
    ({ who, query }) => reports.list(who, query),
  );
  api.route(
    {
      method: 'get',
      path: '/v1/reports/:id',
      tag,
      summary: 'A report with its campaigns, as it was made',
      right,
      params: byId,
      reply: report,
    },
    ({ who, params }) => reports.get(who, params.id),
  );
  api.route(
    {
      method: 'post',
      path: '/v1/reports/:id/send-again',
      tag,
      summary: 'Tell the webhook of it once more',
      right,
      params: byId,
      reply: report,
      status: 202,
    },
    ({ who, params, call }) => reports.tellAgain(who, params.id, call),
  );
}

function fileRoutes({ api, makeSheetFile }: Platform, reports: ScheduledReports): void {
  const summaries = { csv: 'A report as CSV in UTF-8 with a byte order mark', xlsx: 'A report as an Excel file' };
  for (const kind of ['csv', 'xlsx'] as const)
    api.route(
      {
        method: 'get',
        path: `/v1/reports/:id/report.${kind}`,
        tag,
        summary: summaries[kind],
        right,
        params: byId,
        query: reportFileQuery,
      },
      async ({ who, params, query, request }) => {
        const found = await reports.get(who, params.id);
        const sheet = reportSheet(found, query.lang ?? languageOf(request.headers.get('accept-language')));
        const file = await makeSheetFile({ sheet, kind });
        return fileAnswer(file, sheetFileTypes[kind], `report-${found.kind}-${found.from}.${kind}`);
      },
    );
}

const fileAnswer = (body: SheetFile, type: string, name: string): Response =>
  new Response(body, {
    headers: {
      'content-type': type,
      'content-disposition': `attachment; filename="${name}"`,
      'cache-control': 'no-store',
    },
  });
