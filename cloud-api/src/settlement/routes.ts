import { z } from 'zod';
import { open, operatorOnly } from '../platform/auth.ts';
import { page, pageQuery } from '../platform/contract.ts';
import type { Platform } from '../platform/platform.ts';
import { ledgerEntry } from './contract.ts';
import type { Settlement } from './service.ts';

const tag = 'settlement';
const noticeBytesMax = 64 * 1024;

export function settlementRoutes({ api, log }: Platform, settlement: Settlement): void {
  api.route(
    {
      method: 'post',
      path: '/v1/pay/notify/:provider',
      tag,
      summary: 'News from the payment provider',
      right: open("the provider's signature over the raw body"),
      params: z.object({ provider: z.literal('sandbox') }),
      bodyBytesMax: noticeBytesMax,
    },
    async ({ request }) => {
      try {
        await settlement.receiveCallback((name) => request.headers.get(name) ?? undefined, await request.text());
      } catch (err) {
        log.warn({ err }, 'a payment notice was refused');
        throw err;
      }
      return new Response(null, { status: 204 });
    },
  );
  api.route(
    {
      method: 'get',
      path: '/v1/ledger',
      tag,
      summary: 'Entries of the ledger, newest first',
      right: operatorOnly,
      query: pageQuery.extend({ account: z.string().max(80).optional() }),
      reply: page(ledgerEntry),
    },
    ({ query }) => settlement.entries(query),
  );
}
