import { z } from 'zod';
import { allow, operatorOnly, ownRows } from '../platform/auth.ts';
import { id, page, pageQuery } from '../platform/contract.ts';
import type { Platform } from '../platform/platform.ts';
import { merchant, newMerchant, newStore, store, storePatch } from './contract.ts';
import type { Merchants } from './service.ts';

const tag = 'merchants';

export function merchantRoutes({ api }: Platform, merchants: Merchants): void {
  api.route(
    {
      method: 'get',
      path: '/v1/merchants',
      tag,
      summary: 'Merchants with their stores',
      right: allow(['operator', 'merchant'], ownRows),
      query: pageQuery,
      reply: page(merchant),
    },
    ({ who, query }) => merchants.list(who, query),
  );
  api.route(
    {
      method: 'post',
      path: '/v1/merchants',
      tag,
      summary: 'A new merchant with its owner account and first store',
      right: operatorOnly,
      body: newMerchant,
      reply: merchant,
    },
    ({ who, body, call }) => merchants.create(who, body, call),
  );
  api.route(
    {
      method: 'get',
      path: '/v1/stores',
      tag,
      summary: 'Stores',
      right: allow(['operator', 'merchant'], ownRows),
      query: pageQuery.extend({ communityId: id.optional() }),
      reply: page(store),
    },
    ({ who, query }) => merchants.listStores(who, query),
  );
  api.route(
    {
      method: 'post',
      path: '/v1/stores',
      tag,
      summary: 'A further store of the merchant',
      right: allow(['merchant'], ownRows),
      body: newStore,
      reply: store,
    },
    ({ who, body, call }) => merchants.createStore(who, body, call),
  );
  api.route(
    {
      method: 'patch',
      path: '/v1/stores/:id',
      tag,
      summary: 'Where a store is and when it is open',
      right: allow(['merchant'], ownRows),
      params: z.object({ id }),
      body: storePatch,
      reply: store,
    },
    ({ who, params, body, call }) => merchants.changeStore(who, params.id, body, call),
  );
}
