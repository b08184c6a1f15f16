import { newId } from '@gatecast/firmware-protocol';
import { and, eq } from 'drizzle-orm';
import type { z } from 'zod';
import type { Communities } from '../communities/service.ts';
import type { Identity } from '../identity/service.ts';
import type { Account, As } from '../platform/auth.ts';
import type { Page } from '../platform/contract.ts';
import { decodeCursor, pageOf, pageSizeDefault } from '../platform/cursor.ts';
import type { Reads, Tx } from '../platform/db/store.ts';
import { notFound } from '../platform/errors.ts';
import { columnsOfPoint } from '../platform/geo.ts';
import { once, type Call } from '../platform/idempotency.ts';
import type { Paging } from '../platform/newest-first.ts';
import type { Platform } from '../platform/platform.ts';
import type { Merchant, newMerchant, newStore, Store, storePatch } from './contract.ts';
import { createStanding, type Standing } from './standing.ts';
import * as rows from './store.ts';

/** A merchant as it comes. */
export interface MerchantMade {
  readonly name: string;
  readonly owner: { readonly name: string; readonly email: string; readonly passwordHash: string };
  readonly store: z.output<typeof newStore>;
  /** `applied`: it signed up by itself. */
  readonly status: 'applied' | 'approved';
}

export interface Merchants extends Standing {
  /** Rejects with `not-found`. */
  store(q: Reads, id: string): Promise<Store>;
  stores(q: Reads, ids: readonly string[]): Promise<ReadonlyMap<string, Store>>;
  storesOf(q: Reads, merchantId: string): Promise<readonly Store[]>;
  /** Ids of those with this in their names. */
  named(q: Reads, part: string, limit: number): Promise<readonly string[]>;
  names(q: Reads, merchantIds: readonly string[]): Promise<ReadonlyMap<string, string>>;
  /** Adds a merchant with its owner's account and first store. Rejects with `email-taken` or `not-found`. */
  add(q: Tx, made: MerchantMade): Promise<Merchant>;
  create(who: Account, input: z.output<typeof newMerchant>, call: Call): Promise<Merchant>;
  list(who: As<'operator' | 'merchant'>, paging: Paging): Promise<Page<Merchant>>;
  createStore(who: As<'merchant'>, input: z.output<typeof newStore>, call: Call): Promise<Store>;
  /** Rejects with `not-found`. */
  changeStore(who: As<'merchant'>, id: string, patch: z.output<typeof storePatch>, call: Call): Promise<Store>;
  listStores(
    who: As<'operator' | 'merchant'>,
    query: Paging & { readonly communityId?: string | undefined },
  ): Promise<Page<Store>>;
}

export function createMerchants(platform: Platform, identity: Identity, communities: Communities): Merchants {
  const { store, clock, audit } = platform;

  const addStore = async (q: Tx, merchantId: string, input: z.output<typeof newStore>): Promise<Store> => {
    await communities.get(q, input.communityId);
    const { location = null, ...rest } = input;
    const shop = { id: newId('store'), merchantId, ...rest };
    await q.insert(q.t.stores).values({ ...shop, ...columnsOfPoint(location), createdAt: clock.now() });
    return { ...shop, location };
  };
  const stores = async (q: Reads, ids: readonly string[]) =>
    new Map((await rows.findStores(q, [...new Set(ids)])).map((shop) => [shop.id, shop]));

  const add = createAdd(platform, identity, addStore);

  const change = createChange(platform, stores);

  tellNames(identity, stores);

  return {
    ...createStanding(platform),
    add,
    stores,
    async store(q, id) {
      const shop = (await stores(q, [id])).get(id);
      if (!shop) throw notFound('store');
      return shop;
    },
    storesOf: (q, merchantId) => rows.storesOfMerchants(q, [merchantId]),
    named: rows.merchantsNamed,
    names: rows.merchantNames,
    async create(who, { name, owner, store: first }, call) {
      const passwordHash = await identity.hashPassword(owner.password);
      return store.tx((q) =>
        once(q, clock, call, async () => {
          const made = await add(q, { name, owner: { ...owner, passwordHash }, store: first, status: 'approved' });
          await audit(q, { who, action: 'merchant.create', subject: made.id });
          return made;
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
    changeStore: (who, id, patch, call) => store.tx((q) => once(q, clock, call, () => change(q, who, id, patch))),
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

function createChange({ audit }: Platform, stores: Merchants['stores']) {
  return async (q: Tx, who: As<'merchant'>, id: string, patch: z.output<typeof storePatch>): Promise<Store> => {
    const t = q.t.stores;
    const { location, ...facts } = patch;
    const set = { ...facts, ...(location !== undefined && columnsOfPoint(location)) };
    const isMine = and(eq(t.id, id), eq(t.merchantId, who.merchantId));
    if (Object.values(set).some((value) => value !== undefined)) await q.update(t).set(set).where(isMine);
    const shop = (await stores(q, [id])).get(id);
    if (shop?.merchantId !== who.merchantId) throw notFound('store');
    await audit(q, { who, action: 'store.change', subject: id });
    return shop;
  };
}

/** With its owner's account and first store. */
function createAdd(
  { clock }: Platform,
  identity: Identity,
  addStore: (q: Tx, merchantId: string, input: z.output<typeof newStore>) => Promise<Store>,
): Merchants['add'] {
  return async (q, { name, owner, store: first, status }) => {
    const id = newId('merchant');
    const createdAt = clock.now();
    const appliedAt = status === 'applied' ? createdAt : null;
    await q.insert(q.t.merchants).values({ id, name, status, appliedAt, createdAt });
    const { email, passwordHash } = owner;
    await identity.createAccount(q, { role: 'merchant', scopeId: id, email, passwordHash, name: owner.name });
    return { id, name, stores: [await addStore(q, id, first)] };
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
