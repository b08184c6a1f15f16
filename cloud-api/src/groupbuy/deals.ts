import { newId, type InstantMs } from '@gatecast/firmware-protocol';
import { eq } from 'drizzle-orm';
import type { z } from 'zod';
import type { Content } from '../content/service.ts';
import type { Merchants } from '../merchants/service.ts';
import type { As, Principal } from '../platform/auth.ts';
import type { Page } from '../platform/contract.ts';
import type { Reads, Tx } from '../platform/db/store.ts';
import { notFound, refusal } from '../platform/errors.ts';
import { once, type Call } from '../platform/idempotency.ts';
import type { Paging } from '../platform/newest-first.ts';
import type { Platform } from '../platform/platform.ts';
import type { Deal, newDeal } from './contract.ts';
import * as rows from './deal-store.ts';
import { joinedOf, type Joined } from './closing-store.ts';
import { nextTier, priceAt } from './price-tiers.ts';
import { dealFault, dealStatus, leftOf } from './rules.ts';

export interface Deals {
  /** Rejects with `deal-window-invalid`, `deal-price-invalid`, `deal-terms-invalid` or `not-found`. */
  create(who: As<'merchant'>, input: z.output<typeof newDeal>, call: Call): Promise<Deal>;
  /** A merchant sees its own, its staff those of their store, a resident or a leader those at home, everybody else those of the community that they name. */
  list(who: Principal, query: Paging & { readonly communityId?: string | undefined }): Promise<Page<Deal>>;
  get(id: string): Promise<Deal>;
  /** The poster of the clip that advertises it, by hash. */
  poster(id: string): Promise<string | undefined>;
  /** Says which clip advertises a deal of this merchant. Rejects with `not-found`. */
  advertise(q: Tx, who: As<'merchant'>, dealId: string, clipId: string): Promise<void>;
  about(q: Reads, ids: readonly string[]): Promise<ReadonlyMap<string, rows.DealRow>>;
}

/** A resident or a leader who names no community means home. */
function ownOf(who: Principal, { communityId }: { readonly communityId?: string | undefined }) {
  if (who.kind !== 'account') return {};
  switch (who.role) {
    case 'merchant':
      return { merchantId: who.merchantId };
    case 'store-staff':
      return { merchantId: who.merchantId, storeId: who.storeId };
    case 'resident':
    case 'leader':
      return { communityId: communityId ?? who.communityId };
    case 'operator':
    case 'property':
    case 'guard':
    case 'supplier':
      return {};
  }
}

const faultTexts = {
  'deal-window-invalid': 'a deal ends after it begins, and in the future',
  'deal-price-invalid': 'together is cheaper than alone, and the more the cheaper',
  'deal-terms-invalid': 'this deal could not come about as it is described',
} as const;

export function createDeals(platform: Platform, merchants: Merchants, content: Content): Deals {
  const { store, clock, audit } = platform;
  const show = createDealView(platform, merchants, content);
  const get = async (id: string): Promise<Deal> => {
    const row = (await rows.findDeals(store.read, [id])).get(id);
    const [shown] = row ? await show([row], clock.now()) : [];
    if (!shown) throw notFound('deal');
    return shown;
  };

  return {
    get,
    about: rows.findDeals,
    async create(who, input, call) {
      const fault = dealFault(input, clock.now());
      if (fault) throw refusal(fault, faultTexts[fault]);
      const id = await store.tx((q) =>
        once(q, clock, call, async () => {
          const shop = await merchants.store(q, input.storeId);
          if (shop.merchantId !== who.merchantId) throw notFound('store');
          // An offer to residents is published like a clip.
          await merchants.mayPay(q, who.merchantId);
          const own = { id: newId('deal'), merchantId: who.merchantId, communityId: shop.communityId };
          const window = { opensAt: input.opensAt as InstantMs, closesAt: input.closesAt as InstantMs };
          const counters = { reserved: 0, sold: 0, clipId: null, createdAt: clock.now() };
          // Nobody waits for a group where there is none.
          const { groupSize = 1, groupHours = 0 } = input;
          await q.insert(q.t.deals).values({ ...input, groupSize, groupHours, ...own, ...window, ...counters });
          await audit(q, { who, action: 'deal.create', subject: own.id });
          return own.id;
        }),
      );
      return get(id);
    },
    async list(who, query) {
      const { rows: found, list } = await rows.listDeals(store.read, { ...query, ...ownOf(who, query) });
      const page = list.page(
        found,
        (row) => row.createdAt,
        (row) => row,
      );
      return { ...page, items: await show(page.items, clock.now()) };
    },
    async poster(id) {
      const deal = (await rows.findDeals(store.read, [id])).get(id);
      if (!deal?.clipId) return undefined;
      return posterOf((await content.about(store.read, [deal.clipId])).get(deal.clipId));
    },
    async advertise(q, who, dealId, clipId) {
      const deal = (await rows.findDeals(q, [dealId])).get(dealId);
      if (deal?.merchantId !== who.merchantId) throw notFound('deal');
      await q.update(q.t.deals).set({ clipId }).where(eq(q.t.deals.id, dealId));
    },
  };
}

type ClipAbout = { readonly status: string; readonly posterSha256: string | null } | undefined;

/** Nothing is public before the operator has seen it. */
const posterOf = (clip: ClipAbout): string | undefined =>
  clip?.status === 'approved' && clip.posterSha256 !== null ? clip.posterSha256 : undefined;

/** Who is in, and what everybody would pay if it closed now. */
function standing({ tiers, groupPriceFen }: rows.DealRow, { units, people }: Joined = { units: 0, people: 0 }) {
  const ladder = tiers ?? [];
  return { units, people, priceFen: priceAt(ladder, groupPriceFen, units), next: nextTier(ladder, units) };
}

function createDealView({ store }: Platform, merchants: Merchants, content: Content) {
  return async (found: readonly rows.DealRow[], now: InstantMs): Promise<Deal[]> => {
    const shops = await merchants.stores(
      store.read,
      found.map((d) => d.storeId),
    );
    const groups = await rows.openGroups(
      store.read,
      found.map((d) => d.id),
      now,
    );
    const clips = await content.about(
      store.read,
      found.flatMap((d) => (d.clipId === null ? [] : [d.clipId])),
    );
    const selling = await merchants.publishing(
      store.read,
      found.map((d) => d.merchantId),
    );
    const joined = await joinedOf(
      store.read,
      found.filter(({ mode }) => mode === 'community').map(({ id }) => id),
    );
    return found.map((deal) => {
      const shop = shops.get(deal.storeId);
      const group = groups.get(deal.id);
      return {
        ...deal,
        storeName: shop?.name ?? '',
        storeAddress: shop?.address ?? '',
        storeHours: shop?.hours ?? '',
        tiers: [...(deal.tiers ?? [])],
        joined: deal.mode === 'community' ? standing(deal, joined.get(deal.id)) : null,
        left: leftOf(deal),
        status: dealStatus(deal, now, selling.has(deal.merchantId)),
        imageUrl: posterOf(clips.get(deal.clipId ?? '')) === undefined ? null : `/v1/deals/${deal.id}/image.jpg`,
        openGroup: group ? { id: group.id, paid: group.paid, size: group.size, expiresAt: group.expiresAt } : null,
      };
    });
  };
}
