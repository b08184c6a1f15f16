import { attributionRoutes } from './attribution/routes.ts';
import { createTraces } from './attribution/traces.ts';
import { createVisits, visitReader } from './attribution/visits.ts';
import { campaignRoutes } from './campaigns/routes.ts';
import { createCampaigns } from './campaigns/service.ts';
import { createClipBlocks, type ClipBlocks } from './complaints/clip-blocks.ts';
import type { Communities } from './communities/service.ts';
import { permitRoutes } from './content/permit-routes.ts';
import { reviewRoutes } from './content/review-routes.ts';
import { transcodeRoutes } from './content/transcode-routes.ts';
import { contentRoutes } from './content/routes.ts';
import { createContent, type Content } from './content/service.ts';
import { exposureRoutes } from './exposure/routes.ts';
import { createExposures } from './exposure/service.ts';
import { pickupRoutes } from './fulfilment/routes.ts';
import { createPickups } from './fulfilment/service.ts';
import { createDeals } from './groupbuy/deals.ts';
import { createOrders, type Orders } from './groupbuy/orders.ts';
import { dealRoutes, orderRoutes } from './groupbuy/routes.ts';
import type { Identity } from './identity/service.ts';
import { merchantRoutes } from './merchants/routes.ts';
import { createMerchants, type Merchants } from './merchants/service.ts';
import type { Notices } from './notices/service.ts';
import type { Platform } from './platform/platform.ts';
import type { ClipNames } from './plays/clip-names.ts';
import { playRoutes } from './plays/routes.ts';
import { createPlays } from './plays/service.ts';
import { merchantKey } from './settlement/payments/merchant-key.ts';
import { noProvider } from './settlement/payments/no-provider.ts';
import type { PaymentProvider } from './settlement/payments/provider.ts';
import { createSandboxProvider } from './settlement/payments/sandbox.ts';
import { settlementRoutes } from './settlement/routes.ts';
import { createSettlement } from './settlement/service.ts';
import type { Terminals } from './terminals/service.ts';

export interface MarketParts {
  readonly identity: Identity;
  readonly communities: Communities;
  readonly terminals: Terminals;
  /** They travel in the plans. */
  readonly notices: Notices;
  /** Instead of the one that the configuration names; for tests. */
  readonly paymentProvider?: PaymentProvider | undefined;
}

/** Wires the selling side: clips, exposure, group-buys and money. It knows screens and communities, and nothing of who opened a door. */
export function createMarket(
  platform: Platform,
  parts: MarketParts,
): {
  readonly content: Content;
  readonly orders: Orders;
  readonly clipBlocks: ClipBlocks;
  readonly clipNames: ClipNames;
} {
  const { identity, communities, terminals, notices } = parts;
  const merchants = createMerchants(platform, identity, communities);
  const settlement = createSettlement(platform, parts.paymentProvider ?? providerOf(platform, merchants));
  const content = createContent(platform, merchants);
  const plays = createPlays(platform, terminals, content);
  const deals = createDeals(platform, merchants, content);
  const clipBlocks = createClipBlocks(platform, { communities, content });
  const campaigns = createCampaigns(platform, {
    clipBlocks,
    communities,
    content,
    deals,
    merchants,
    notices,
    plays,
    settlement,
    terminals,
  });
  const exposures = createExposures(platform, { campaigns, communities, plays });
  const pickups = createPickups(platform, merchants);
  const orders = createOrders(platform, { communities, merchants, pickups, settlement, visits: visitReader() });
  const visits = createVisits(platform, terminals, campaigns);
  const traces = createTraces(platform, { campaigns, communities, deals, orders, plays });

  merchantRoutes(platform, merchants);
  contentRoutes(platform, content);
  transcodeRoutes(platform, content);
  reviewRoutes(platform, content, (id) => communities.get(platform.store.read, id));
  permitRoutes(platform, content);
  playRoutes(platform, plays);
  campaignRoutes(platform, campaigns);
  exposureRoutes(platform, exposures);
  dealRoutes(platform, deals, content.blobs);
  orderRoutes(platform, orders);
  pickupRoutes(platform, pickups);
  attributionRoutes(platform, visits, traces);
  settlementRoutes(platform, settlement);
  return { content, orders, clipBlocks, clipNames: plays.names };
}

function providerOf({ config, store, signer, clock, publicUrl }: Platform, merchants: Merchants): PaymentProvider {
  if (config.payUrl === undefined) return noProvider();
  return createSandboxProvider({
    url: config.payUrl,
    clock,
    key: () => merchantKey(store, signer, clock, 'sandbox'),
    notifyUrl: () => `${publicUrl()}/v1/pay/notify/sandbox`,
    nameOf: async (storeId) => (storeId === null ? '门播' : (await merchants.store(store.read, storeId)).name),
  });
}
