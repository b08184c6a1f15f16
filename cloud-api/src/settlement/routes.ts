import { z } from 'zod';
import { open, operatorOnly } from '../platform/auth.ts';
import { id, page, pageQuery } from '../platform/contract.ts';
import type { Platform } from '../platform/platform.ts';
import { ledgerEntry, paymentTrouble, settleTrouble, troublesQuery } from './contract.ts';
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
  api.route(
    {
      method: 'get',
      path: '/v1/payment-troubles',
      tag,
      summary: 'Money that is not as it was asked for or that does not go back, newest first',
      right: operatorOnly,
      query: troublesQuery,
      reply: page(paymentTrouble),
    },
    ({ query }) => settlement.troubles.list(query),
  );
  api.route(
    {
      method: 'post',
      path: '/v1/payment-troubles/:id/settle',
      tag,
      summary: 'Say what became of one: asked again, returned by hand, or noted',
      right: operatorOnly,
      params: z.object({ id }),
      body: settleTrouble,
      reply: paymentTrouble,
      status: 200,
    },
    ({ who, params, body }) => settlement.troubles.settle(who, params.id, body),
  );
}
