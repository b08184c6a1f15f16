import { newId } from '@gatecast/firmware-protocol';
import type { z } from 'zod';
import type { Communities } from '../communities/service.ts';
import type { Identity } from '../identity/service.ts';
import type { Account, As } from '../platform/auth.ts';
import type { Page } from '../platform/contract.ts';
import { decodeCursor, pageOf, pageSizeDefault } from '../platform/cursor.ts';
import type { Reads, Tx } from '../platform/db/store.ts';
import { notFound } from '../platform/errors.ts';
import { once, type Call } from '../platform/idempotency.ts';
import type { Paging } from '../platform/newest-first.ts';
import type { Platform } from '../platform/platform.ts';
import type { Merchant, newMerchant, newStore, Store } from './contract.ts';
import * as rows from './store.ts';

export interface Merchants {
  /** Rejects with `not-found`. */
  store(q: Reads, id: string): Promise<Store>;
  stores(q: Reads, ids: readonly string[]): Promise<ReadonlyMap<string, Store>>;
  storesOf(q: Reads, merchantId: string): Promise<readonly Store[]>;
  names(q: Reads, merchantIds: readonly string[]): Promise<ReadonlyMap<string, string>>;
  create(who: Account, input: z.output<typeof newMerchant>, call: Call): Promise<Merchant>;
  list(who: As<'operator' | 'merchant'>, paging: Paging): Promise<Page<Merchant>>;
  createStore(who: As<'merchant'>, input: z.output<typeof newStore>, call: Call): Promise<Store>;
  listStores(
    who: As<'operator' | 'merchant'>,
    query: Paging & { readonly communityId?: string | undefined },
  ): Promise<Page<Store>>;
}

export function createMerchants(platform: Platform, identity: Identity, communities: Communities): Merchants {
  const { store, clock, audit } = platform;

  const addStore = async (q: Tx, merchantId: string, input: z.output<typeof newStore>): Promise<Store> => {
    await communities.get(q, input.communityId);
    const shop = { id: newId('store'), merchantId, ...input };
    await q.insert(q.t.stores).values({ ...shop, createdAt: clock.now() });
    return shop;
  };
  const stores = async (q: Reads, ids: readonly string[]) =>
    new Map((await rows.findStores(q, [...new Set(ids)])).map((shop) => [shop.id, shop]));

  tellNames(identity, stores);

  return {
    stores,
    async store(q, id) {
      const shop = (await stores(q, [id])).get(id);
      if (!shop) throw notFound('store');
      return shop;
    },
    storesOf: (q, merchantId) => rows.storesOfMerchants(q, [merchantId]),
    names: rows.merchantNames,
    async create(who, { name, owner, store: first }, call) {
      const passwordHash = await identity.hashPassword(owner.password);
      return store.tx((q) =>
        once(q, clock, call, async () => {
          const id = newId('merchant');
          await q.insert(q.t.merchants).values({ id, name, createdAt: clock.now() });
          const { email } = owner;
          await identity.createAccount(q, { role: 'merchant', scopeId: id, email, passwordHash, name: owner.name });
          const shop = await addStore(q, id, first);
          await audit(q, { who, action: 'merchant.create', subject: id });
          return { id, name, stores: [shop] };
        }),
      );
    },
    async list(who, { cursor, limit = pageSizeDefault }) {
      const found = await rows.listMerchants(store.read, ownId(who), startOf(cursor), limit + 1);
      const shops = await rows.storesOfMerchants(
        store.read,
        found.map(({ id }) => id),
      );
      const show = (row: { id: string; name: string }) => ({
        ...row,
        stores: shops.filter(({ merchantId }) => merchantId === row.id),
      });
      return pageOf(found, limit, ({ id }) => [id], show);
    },
    createStore: (who, input, call) =>
      store.tx((q) =>
        once(q, clock, call, async () => {
          const shop = await addStore(q, who.merchantId, input);
          await audit(q, { who, action: 'store.create', subject: shop.id });
          return shop;
        }),
      ),
    async listStores(who, { cursor, communityId, limit = pageSizeDefault }) {
      const own = { merchantId: ownId(who), communityId };
      const found = await rows.listStores(store.read, own, startOf(cursor), limit + 1);
      return pageOf(
        found,
        limit,
        ({ id }) => [id],
        (row) => row,
      );
    },
  };
}

/** What merchants and stores are called, for whoever has only their ids. */
function tellNames({ directory }: Identity, stores: Merchants['stores']): void {
  directory.tell('mrch', async (q, id) => {
    const name = (await rows.merchantNames(q, [id])).get(id);
    return name === undefined ? undefined : { name, ownerId: null };
  });
  directory.tell('stor', async (q, id) => {
    const shop = (await stores(q, [id])).get(id);
    return shop && { name: shop.name, ownerId: shop.merchantId };
  });
}

const ownId = (who: As<'operator' | 'merchant'>): string | undefined =>
  who.role === 'merchant' ? who.merchantId : undefined;
const startOf = (cursor: string | undefined): string =>
  cursor === undefined ? '' : decodeCursor<[string]>(cursor, ['string'])[0];
