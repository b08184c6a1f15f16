import { z } from 'zod';
import { allow, ownRows } from '../platform/auth.ts';
import { id, page, pageQuery } from '../platform/contract.ts';
import { languageOf } from '../platform/language.ts';
import type { Platform } from '../platform/platform.ts';
import { sheetFileTypes } from '../platform/sheet-files.ts';
import { campaignFunnel, campaignResult, resultFileQuery, resultQuery } from './contract.ts';
import type { Results } from './service.ts';

const tag = 'results';
const right = allow(['operator', 'merchant'], ownRows);
const params = z.object({ id });

export function resultRoutes({ api }: Platform, results: Results): void {
  api.route(
    {
      method: 'get',
      path: '/v1/campaign-results',
      tag,
      summary: 'Campaigns, newest first: how many touches, scans, orders and pick-ups each had so far',
      right,
      query: pageQuery,
      reply: page(campaignFunnel),
    },
    ({ who, query }) => results.list(who, query),
  );
  api.route(
    {
      method: 'get',
      path: '/v1/campaigns/:id/result',
      tag,
      summary:
        'What came of a campaign, by community, day and line item: touches, scans, orders, pick-ups, and cost of each',
      right,
      params,
      query: resultQuery,
      reply: campaignResult,
    },
    ({ who, params, query }) => results.of(who, params.id, query),
  );
  for (const kind of ['csv', 'xlsx'] as const)
    api.route(
      {
        method: 'get',
        path: `/v1/campaigns/:id/result.${kind}`,
        tag,
        summary: `The same by day and community as ${kind === 'csv' ? 'CSV in UTF-8 with a byte order mark' : 'an Excel file'}`,
        right,
        params,
        query: resultFileQuery,
      },
      async ({ who, params, query: { lang, ...days }, request }) => {
        const language = lang ?? languageOf(request.headers.get('accept-language'));
        const { file, from, to } = await results.file(who, params.id, { ...days, language, kind });
        return new Response(file, {
          headers: {
            'content-type': sheetFileTypes[kind],
            'content-disposition': `attachment; filename="results-${from}-${to}.${kind}"`,
            'cache-control': 'no-store',
          },
        });
      },
    );
}
