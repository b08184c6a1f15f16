import { DomainError } from '@gatecast/firmware-protocol';
import { z } from 'zod';
import { allow, open, ownRows } from '../platform/auth.ts';
import { id, page, pageQuery } from '../platform/contract.ts';
import type { Platform } from '../platform/platform.ts';
import { trace, visit } from './contract.ts';
import type { Traces } from './traces.ts';
import type { VisitService } from './visits.ts';

const tag = 'attribution';

export function attributionRoutes({ api, log }: Platform, visits: VisitService, traces: Traces): void {
  api.route(
    {
      method: 'get',
      path: '/q/:token',
      tag,
      summary: 'A scanned QR code: leads to its deal',
      right: open("the terminal's MAC in the token"),
      params: z.object({ token: z.string().max(200) }),
      query: z.object({ lang: z.enum(['zh', 'en']).optional() }),
    },
    async ({ params, query }) => {
      try {
        const { id: visitId, dealId } = await visits.arrive(params.token);
        const search = new URLSearchParams({ visit: visitId, ...(query.lang && { lang: query.lang }) });
        return redirect(`${dealId === null ? '/h5/' : `/h5/deals/${dealId}`}?${search.toString()}`);
      } catch (error) {
        if (!(error instanceof DomainError) || error.code !== 'bad-short-link') throw error;
        log.warn({ code: error.code }, 'a scanned code leads nowhere');
        return badLinkPage();
      }
    },
  );
  api.route(
    {
      method: 'get',
      path: '/v1/visits/:id',
      tag,
      summary: 'What a scan led to',
      right: open('an unguessable id that names nobody'),
      params: z.object({ id }),
      reply: visit,
    },
    ({ params }) => visits.show(params.id),
  );
  api.route(
    {
      method: 'get',
      path: '/v1/traces',
      tag,
      summary: 'Traces: play, visit, order, pick-up',
      right: allow(['operator', 'merchant'], ownRows),
      query: pageQuery.extend({ campaignId: id.optional(), dealId: id.optional() }),
      reply: page(trace),
    },
    ({ who, query }) => traces.list(who, query),
  );
}

const redirect = (location: string): Response =>
  new Response(null, { status: 302, headers: { location, 'cache-control': 'no-store' } });

const badLinkText = `<!doctype html>
<html lang="zh-CN">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<meta name="problem" content="bad-short-link">
<title>门播</title>
<style>body{font:18px/1.6 system-ui,sans-serif;margin:20vh auto;max-width:22em;padding:0 1em;text-align:center}</style>
<h1>二维码已失效</h1>
<p>请在门口的屏幕上重新扫码，或看看<a href="/h5/">小区里的团购</a>。</p>
<p lang="en">This code leads nowhere any more. Scan again at the screen by the door, or see <a href="/h5/?lang=en">the deals near you</a>.</p>
`;

function badLinkPage(): Response {
  return new Response(badLinkText, {
    status: 404,
    headers: {
      'content-type': 'text/html; charset=utf-8',
      'cache-control': 'no-store',
      'x-problem-code': 'bad-short-link',
    },
  });
}
