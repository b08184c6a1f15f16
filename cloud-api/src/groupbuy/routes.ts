import { z } from 'zod';
import type { BlobStore } from '../platform/blob-store.ts';
import { sendFile } from '../platform/send-file.ts';
import { allow, open, ownRows } from '../platform/auth.ts';
import { id, page, pageQuery } from '../platform/contract.ts';
import { notFound } from '../platform/errors.ts';
import type { Platform } from '../platform/platform.ts';
import { deal, newDeal, newOrder, order } from './contract.ts';
import type { Deals } from './deals.ts';
import type { Orders } from './orders.ts';

const tag = 'groupbuy';
const byId = z.object({ id });

export function dealRoutes({ api }: Platform, deals: Deals, blobs: BlobStore): void {
  const anybody = open('deals are public');
  api.route(
    {
      method: 'get',
      path: '/v1/deals',
      tag,
      summary: "Deals, newest first; a merchant's own, or those of a community",
      right: anybody,
      query: pageQuery.extend({ communityId: id.optional() }),
      reply: page(deal),
    },
    ({ who, query }) => deals.list(who, query),
  );
  api.route(
    {
      method: 'post',
      path: '/v1/deals',
      tag,
      summary: 'A new deal of a store',
      right: allow(['merchant'], ownRows),
      body: newDeal,
      reply: deal,
    },
    ({ who, body, call }) => deals.create(who, body, call),
  );
  api.route(
    { method: 'get', path: '/v1/deals/:id', tag, summary: 'A deal', right: anybody, params: byId, reply: deal },
    ({ params }) => deals.get(params.id),
  );
  api.route(
    {
      method: 'get',
      path: '/v1/deals/:id/image.jpg',
      tag,
      summary: 'The poster of the clip that advertises the deal',
      right: anybody,
      params: byId,
    },
    async ({ params, request }) => {
      const poster = await deals.poster(params.id);
      if (poster === undefined) throw notFound('picture');
      return sendFile(blobs, poster, 'image/jpeg', request);
    },
  );
}

export function orderRoutes({ api }: Platform, orders: Orders): void {
  const parties = allow(['operator', 'merchant', 'store-staff', 'resident'], ownRows);
  const resident = allow(['resident'], ownRows);
  api.route(
    {
      method: 'get',
      path: '/v1/orders',
      tag,
      summary: 'Orders of the own scope, newest first',
      right: parties,
      query: pageQuery.extend({ dealId: id.optional() }),
      reply: page(order),
    },
    ({ who, query }) => orders.list(who, query),
  );
  api.route(
    {
      method: 'post',
      path: '/v1/orders',
      tag,
      summary: 'Join a group-buy; needs an Idempotency-Key',
      right: resident,
      body: newOrder,
      reply: order,
    },
    ({ who, body, call }) => orders.order(who, body, call),
  );
  api.route(
    { method: 'get', path: '/v1/orders/:id', tag, summary: 'An order', right: parties, params: byId, reply: order },
    ({ who, params }) => orders.get(who, params.id),
  );
  api.route(
    {
      method: 'post',
      path: '/v1/orders/:id/cancel',
      tag,
      summary: 'Cancel an unpaid order',
      right: resident,
      params: byId,
      reply: order,
      status: 200,
    },
    ({ who, params }) => orders.cancel(who, params.id),
  );
}
