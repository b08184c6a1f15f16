import type { Clock } from '@gatecast/firmware-protocol';
import { alarmRoutes } from './access/alarm-routes.ts';
import { createAlarms } from './access/alarms.ts';
import { ingestDoorRows } from './access/ingest.ts';
import { accessLogRoutes } from './access/log-routes.ts';
import { createAccessLog } from './access/log.ts';
import { passKeyRoute } from './access/pass-keys-route.ts';
import { accessRoutes } from './access/routes.ts';
import { createAccess, type Access } from './access/service.ts';
import { communityRoutes } from './communities/routes.ts';
import { createCommunities, type Communities } from './communities/service.ts';
import { complaintRoutes } from './complaints/routes.ts';
import { createComplaints } from './complaints/service.ts';
import type { Config } from './config.ts';
import { behindSigns } from './fleet/alarms/behind-signs.ts';
import type { Watch } from './fleet/alarms/watch.ts';
import { fleetDeskRoutes } from './fleet/routes.ts';
import { createFleetDesk } from './fleet/service.ts';
import { storyRoutes } from './fleet/story/routes.ts';
import type { VitalsBook } from './fleet/vitals/vitals.ts';
import { createStories } from './fleet/story/story.ts';
import { identityRoutes } from './identity/routes.ts';
import { createIdentity } from './identity/service.ts';
import type { Content } from './content/service.ts';
import { uploadAsMeant } from './content/upload-routes.ts';
import type { Inventory } from './inventory/service.ts';
import type { Merchants } from './merchants/service.ts';
import type { SignUps } from './merchants/sign-ups.ts';
import type { Delivery } from './delivery/service.ts';
import { createMarket } from './market.ts';
import { unknownHolidaySigns } from './audience/holiday-notices.ts';
import { lateDisputeSigns } from './billing/late-disputes.ts';
import { paymentTroubleSigns } from './settlement/troubles.ts';
import type { Billing } from './billing/service.ts';
import { noticeRoutes } from './notices/routes.ts';
import { createNotices, type Notices } from './notices/service.ts';
import type { Store } from './platform/db/store.ts';
import type { ServerBindings } from './platform/http.ts';
import type { Logger } from './platform/log.ts';
import { createPlatform, type Platform } from './platform/platform.ts';
import { platformRoutes } from './platform/routes.ts';
import { rolloutRoutes } from './rollouts/routes.ts';
import { createRollouts } from './rollouts/service.ts';
import { privacyRoutes } from './privacy/routes.ts';
import { createPrivacyService } from './privacy/service.ts';
import type { PaymentProvider } from './settlement/payments/provider.ts';
import { releaseRoutes } from './releases/routes.ts';
import { createReleases } from './releases/service.ts';
import type { ScheduledReports } from './scheduled-reports/service.ts';
import type { SellThrough } from './sell-through/service.ts';
import { screenWallRoutes } from './screen-wall/routes.ts';
import { terminalRoutes } from './terminals/routes.ts';
import { createTerminals } from './terminals/service.ts';

export interface AppParts {
  readonly config: Config;
  readonly store: Store;
  readonly clock: Clock;
  readonly log: Logger;
  /** Instead of the one that the configuration names; for tests. */
  readonly paymentProvider?: PaymentProvider | undefined;
}

export interface App {
  readonly platform: Platform;
  /** Answers a request without a socket, for tests; the server calls it too. */
  readonly fetch: (request: Request, server?: ServerBindings) => Response | Promise<Response>;
  start(): Promise<void>;
  /** Resolves when the access lists tell of everything that this process has committed; for tests. */
  settled(): Promise<void>;
  /** Looks at the fleet as its job does, now; for tests. */
  readonly watch: Watch;
  /** For tests of what only time brings about. */
  readonly content: Content;
  /** What other slices ask it, for tests. */
  readonly inventory: Inventory;
  readonly merchants: Pick<Merchants, 'mayPay'> & Pick<SignUps, 'payeeOf'>;
  /** Bills now what the job would at its next turn; for tests. */
  readonly sellThrough: Pick<SellThrough, 'sum'>;
  readonly scheduledReports: Pick<ScheduledReports, 'run'>;
  readonly billing: Pick<Billing, 'run' | 'owners' | 'disputes'>;
  readonly delivery: Pick<Delivery, 'settle'>;
  /** Reads the figures now; `stop` ends its own looks. For tests. */
  readonly vitals: Pick<VitalsBook, 'sample' | 'stop'>;
  readonly stop: () => Promise<void>;
}

/** What of the market somebody has to be called for. */
function watchMarket(
  { clock }: Platform,
  { watch }: Pick<ReturnType<typeof createFleetDesk>, 'watch'>,
  delivery: ReturnType<typeof createMarket>['delivery'],
): void {
  watch.also((q) => behindSigns(q, delivery));
  watch.also((q) => lateDisputeSigns(q, clock.now()));
  watch.also((q) => unknownHolidaySigns(q, clock.now()));
  watch.also(paymentTroubleSigns);
}

/** What of the selling side the lists of who may enter and the words at a door follow. */
function connectAccess(
  access: Access,
  {
    communities,
    notices,
    market,
  }: {
    readonly communities: Communities;
    readonly notices: Notices;
    readonly market: Pick<ReturnType<typeof createMarket>, 'declarations' | 'orders'>;
  },
): void {
  market.declarations.onGroup((q, residentId) => access.groupChanged(q, residentId));
  access.pickupWords.connect({ communities, waiting: market.orders, board: notices });
}

/** What the market does by itself, for tests that do not wait for it. */
const jobsOf = ({ sellThrough, scheduledReports, delivery }: ReturnType<typeof createMarket>) => ({
  sellThrough,
  scheduledReports,
  delivery,
});

/** Wires the slices. Nothing happens before `start`. */
export function createApp(parts: AppParts): App {
  const platform = createPlatform(parts);
  const identity = createIdentity(platform);
  const communities = createCommunities(platform, identity);
  const privacy = createPrivacyService(platform, communities);
  const terminals = createTerminals(platform, communities);
  identity.directory.tell('term', (q, id) => terminals.listed(q, id));
  const fleet = createFleetDesk(platform, communities, terminals);
  const releases = createReleases(platform, terminals);
  const rollouts = createRollouts(platform, terminals, releases);
  const access = createAccess(platform, communities, terminals);
  ingestDoorRows(platform, terminals);
  const alarms = createAlarms(platform, communities, terminals);
  const notices = createNotices(platform, communities, terminals);
  const market = createMarket(platform, {
    identity,
    communities,
    terminals,
    notices,
    paymentProvider: parts.paymentProvider,
  });
  const { billing, campaigns, content, delivery, inventory, merchants, orders, clipBlocks, clipNames } = market;
  watchMarket(platform, fleet, delivery);
  connectAccess(access, { communities, notices, market });

  const complaints = createComplaints(platform, { communities, terminals, content, identity, blocks: clipBlocks });

  identityRoutes(platform, identity);
  communityRoutes(platform, communities);
  privacyRoutes(platform, privacy, communities);
  terminalRoutes(platform, terminals, communities);
  fleetDeskRoutes(platform, fleet, terminals);
  releaseRoutes(platform, releases);
  rolloutRoutes(platform, rollouts, terminals);
  accessRoutes(platform, access, communities);
  passKeyRoute(platform, access.passKeys, communities);
  const log = createAccessLog(platform);
  accessLogRoutes(platform, log, communities);
  storyRoutes(platform, fleet.search, createStories(platform, { communities, terminals, log, orders, clipNames }));
  alarmRoutes(platform, alarms);
  noticeRoutes(platform, notices, communities);
  screenWallRoutes(platform, terminals.wall, clipNames, content.posters);
  complaintRoutes(platform, complaints, { blocks: clipBlocks, communities });
  platformRoutes(platform);

  return {
    platform,
    fetch: (request, server) => platform.api.app.fetch(uploadAsMeant(request), server ?? {}),
    async start() {
      await content.start();
      await releases.start();
      await platform.start();
      await identity.start();
      await access.lists.start();
      await campaigns.start();
      fleet.vitals.start();
    },
    settled: () => access.lists.settled(),
    content,
    inventory,
    merchants,
    ...jobsOf(market),
    billing,
    watch: fleet.watch,
    vitals: fleet.vitals,
    async stop() {
      fleet.vitals.stop();
      for (const part of [access.lists, platform, campaigns]) await part.stop();
      await terminals.flush();
      await terminals.journal.stop();
    },
  };
}
