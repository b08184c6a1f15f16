import { attributionRoutes } from './attribution/routes.ts';
import { createTraces } from './attribution/traces.ts';
import { createVisits, visitReader } from './attribution/visits.ts';
import { createAudienceDesk } from './audience/desk.ts';
import { createDeclarations, type Declarations } from './audience/declarations.ts';
import { createHolidayNotices } from './audience/holiday-notices.ts';
import { audienceRoutes, declarationRoutes, holidayRoutes } from './audience/routes.ts';
import { createAudience } from './audience/service.ts';
import { billingRoutes } from './billing/routes.ts';
import { createBilling, type Billing } from './billing/service.ts';
import { createAdvertsHere } from './campaigns/adverts-here.ts';
import { advertRoutes, campaignRoutes } from './campaigns/routes.ts';
import { createCampaigns, type Campaigns } from './campaigns/service.ts';
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
import { deliveryRoutes } from './delivery/routes.ts';
import { createDelivery, type Delivery } from './delivery/service.ts';
import type { Identity } from './identity/service.ts';
import { createHoldouts } from './lift/holdouts.ts';
import { liftRoutes } from './lift/routes.ts';
import { createLifts } from './lift/service.ts';
import { inventoryRoutes } from './inventory/routes.ts';
import { createInventory, type Inventory } from './inventory/service.ts';
import { merchantRoutes } from './merchants/routes.ts';
import { signUpRoutes } from './merchants/sign-up-routes.ts';
import { createSignUps, type SignUps } from './merchants/sign-ups.ts';
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
import { scheduledReportRoutes } from './scheduled-reports/routes.ts';
import { createScheduledReports, type ScheduledReports } from './scheduled-reports/service.ts';
import { resultRoutes } from './results/routes.ts';
import { createResults } from './results/service.ts';
import { sellThroughRoutes } from './sell-through/routes.ts';
import { createSellThrough, type SellThrough } from './sell-through/service.ts';
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
  readonly billing: Billing;
  readonly campaigns: Campaigns;
  readonly delivery: Delivery;
  readonly scheduledReports: ScheduledReports;
  readonly sellThrough: SellThrough;
  readonly content: Content;
  readonly declarations: Pick<Declarations, 'onGroup'>;
  readonly inventory: Inventory;
  readonly merchants: Pick<Merchants, 'mayPay'> & Pick<SignUps, 'payeeOf'>;
  readonly orders: Orders;
  readonly clipBlocks: ClipBlocks;
  readonly clipNames: ClipNames;
} {
  const slices = makeSlices(platform, parts);
  mountRoutes(platform, slices);
  const scheduledReports = createScheduledReports(platform, slices);
  scheduledReportRoutes(platform, scheduledReports);
  const { billing, campaigns, content, delivery, inventory, merchants, signUps, orders, clipBlocks, plays } = slices;
  const { declarations, sellThrough } = slices;
  return {
    billing,
    campaigns,
    content,
    declarations,
    delivery,
    inventory,
    merchants: {
      mayPay: (q, id) => merchants.mayPay(q, id),
      payeeOf: (q, id) => signUps.payeeOf(q, id),
    },
    orders,
    scheduledReports,
    sellThrough,
    clipBlocks,
    clipNames: plays.names,
  };
}

type Slices = ReturnType<typeof makeSlices>;

/** What is sold, by whom, and what is known of those who come by. */
function makeWares(platform: Platform, parts: MarketParts) {
  const { identity, communities, terminals } = parts;
  const merchants = createMerchants(platform, identity, communities);
  const settlement = createSettlement(platform, parts.paymentProvider ?? providerOf(platform, merchants));
  const content = createContent(platform, merchants);
  const { papers, links } = content;
  const signUps = createSignUps(platform, { identity, communities, merchants, papers, links });
  const inventory = createInventory(platform, { communities, papers, links, declined: content.declined });
  const plays = createPlays(platform, terminals, content);
  const audience = createAudience(platform, { communities, plays, terminals });
  const deals = createDeals(platform, merchants, content);
  const clipBlocks = createClipBlocks(platform, { communities, content });
  const holdouts = createHoldouts(platform);
  return { merchants, settlement, content, signUps, inventory, plays, audience, deals, clipBlocks, holdouts };
}

function makeSlices(platform: Platform, parts: MarketParts) {
  const { communities, terminals, notices } = parts;
  const wares = makeWares(platform, parts);
  const { merchants, settlement, content, inventory, plays, audience, deals, clipBlocks, holdouts } = wares;
  const { papers, links } = content;
  const campaigns = createCampaigns(platform, {
    audience,
    clipBlocks,
    communities,
    content,
    deals,
    holdouts,
    inventory,
    merchants,
    notices,
    plays,
    settlement,
    terminals,
  });
  const exposures = createExposures(platform, { campaigns, communities, plays });
  const delivery = createDelivery(platform, {
    campaigns,
    clipBlocks,
    communities,
    content,
    exposures,
    holdouts,
    inventory,
    merchants,
    settlement,
  });
  const billing = createBilling(platform, {
    campaigns,
    communities,
    exposures,
    inventory,
    plays,
    settlement,
    papers,
    links,
  });
  const pickups = createPickups(platform, merchants);
  const orders = createOrders(platform, { communities, merchants, pickups, settlement, visits: visitReader() });
  const lifts = createLifts(platform, { campaigns, communities, deals, holdouts, orders });
  const visits = createVisits(platform, terminals, campaigns);
  const traces = createTraces(platform, { campaigns, communities, deals, orders, plays });
  const declarations = createDeclarations(platform, communities);
  const sellThrough = createSellThrough(platform, { audience, communities, inventory });
  const results = createResults(platform, { campaigns, communities, exposures });
  const audienceDesk = createAudienceDesk(platform, { communities, plays, terminals }, audience);
  return {
    ...wares,
    audienceDesk,
    billing,
    campaigns,
    communities,
    declarations,
    delivery,
    exposures,
    orders,
    pickups,
    results,
    sellThrough,
    traces,
    visits,
    lifts,
  };
}

function mountRoutes(platform: Platform, slices: Slices): void {
  const { audienceDesk, billing, campaigns, communities, content, deals, declarations, delivery, exposures } = slices;
  const { inventory, merchants, orders, pickups, plays, sellThrough, settlement, signUps, traces, visits, lifts } =
    slices;
  const { papers, links } = content;
  merchantRoutes(platform, merchants);
  signUpRoutes(platform, signUps, { merchants, papers, links });
  contentRoutes(platform, content);
  transcodeRoutes(platform, content);
  reviewRoutes(platform, content, (id) => communities.get(platform.store.read, id));
  permitRoutes(platform, content);
  inventoryRoutes(platform, inventory, { communities, papers, links });
  playRoutes(platform, plays);
  declarationRoutes(platform, declarations);
  audienceRoutes(platform, audienceDesk, communities);
  holidayRoutes(platform, createHolidayNotices(platform));
  campaignRoutes(platform, campaigns);
  advertRoutes(platform, createAdvertsHere(platform, { content, merchants }), communities);
  exposureRoutes(platform, exposures);
  liftRoutes(platform, lifts);
  billingRoutes(platform, billing, { communities, papers, links });
  deliveryRoutes(platform, delivery);
  sellThroughRoutes(platform, sellThrough);
  resultRoutes(platform, slices.results);
  dealRoutes(platform, deals, content.blobs);
  orderRoutes(platform, orders);
  pickupRoutes(platform, pickups);
  attributionRoutes(platform, visits, traces);
  settlementRoutes(platform, settlement);
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
