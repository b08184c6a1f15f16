import type { Communities } from '../communities/service.ts';
import { allow, ownRows } from '../platform/auth.ts';
import { page } from '../platform/contract.ts';
import { languageOf } from '../platform/language.ts';
import type { Platform } from '../platform/platform.ts';
import { accessEvent, accessEventFilter, accessEventQuery } from './contract.ts';
import type { AccessLog } from './log.ts';

const tag = 'access';

export function accessLogRoutes({ api, clock }: Platform, log: AccessLog, communities: Communities): void {
  api.route(
    {
      method: 'get',
      path: '/v1/access-events',
      tag,
      summary: 'The access log, newest first; guards see the last 24 hours',
      right: allow(['operator', 'property', 'guard'], ownRows),
      query: accessEventQuery,
      reply: page(accessEvent),
    },
    async ({ who, query }) => log.list(who, query),
  );
  api.route(
    {
      method: 'get',
      path: '/v1/access-events/export',
      tag,
      summary:
        'The access log as CSV in UTF-8 with a byte order mark; a million rows at most, and the last line says whether that is all',
      right: allow(['operator', 'property'], async (q, who, { query }) => {
        const { communityId } = accessEventFilter.parse(query);
        if (communityId !== undefined) await communities.mayManage(q, who, communityId);
      }),
      query: accessEventFilter,
    },
    async ({ who, query, request }) => {
      const body = await log.export(who, query, languageOf(request.headers.get('accept-language')));
      const day = new Date(clock.now()).toISOString().slice(0, 10);
      return new Response(body, {
        headers: {
          'content-type': 'text/csv; charset=utf-8',
          'content-disposition': `attachment; filename="access-log-${day}.csv"`,
          'cache-control': 'no-store',
        },
      });
    },
  );
}
