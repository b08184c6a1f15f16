import { Redirect, Route, Router, Switch } from 'wouter';
import { ConsoleRoot } from '../kit/console/console-root.tsx';
import { ApiKeysPage } from '../kit/console/account/api-keys-page.tsx';
import { AuditPage } from '../kit/console/account/audit-page.tsx';
import { SecurityPage } from '../kit/console/account/security-page.tsx';
import type { NavEntry } from '../kit/console/console-nav.tsx';
import { RolloutPage } from '../kit/console/rollouts/rollout-page.tsx';
import { RolloutsPage } from '../kit/console/rollouts/rollouts-page.tsx';
import { ComplaintsPage } from '../kit/console/screens/complaints-page.tsx';
import { WallPage } from '../kit/console/screens/wall-page.tsx';
import { ConsoleShell } from '../kit/console/console-shell.tsx';
import { laterPage } from '../kit/code/later.tsx';
import { LiveProvider, type LiveRefreshes } from '../kit/live/live-context.tsx';
import { AlarmsPage } from './alarms/alarms-page.tsx';
import { AudiencePage } from './audience/audience-page.tsx';
import { CommunityAudience } from './audience/community-audience.tsx';
import { HolidaysPage } from './audience/holidays-page.tsx';
import { ChannelsPage } from './alarms/channels-page.tsx';
import { CommandsPage } from './commands/commands-page.tsx';
import { DisputesPage } from './disputes/disputes-page.tsx';
import { FleetPage } from './fleet/fleet-page.tsx';
import { TerminalPage } from './fleet/terminal-page.tsx';
import { VitalsPage } from './health/vitals-page.tsx';
import { InventoryPage } from './inventory/inventory-page.tsx';
import { MerchantDesk } from './inventory/merchant-desk.tsx';
import { LedgerPage } from './ledger/ledger-page.tsx';
import { LibraryPage } from './library/library-page.tsx';
import { CampaignPage } from './market/campaign-page.tsx';
import { CampaignsPage } from './market/campaigns-page.tsx';
import { LineItemPage } from './market/line-item-page.tsx';
import { ReplansPage } from './market/replans-page.tsx';
import { SellThroughPage } from './market/sell-through-page.tsx';
import { YieldPage } from './market/yield-page.tsx';
import { useMessages } from './messages/zh.ts';
import { OwnersAccountPage } from './owners-account/owners-account-page.tsx';
import { PartiesPage } from './parties/parties-page.tsx';
import { PermitsPage } from './permits/permits-page.tsx';
import { ReleasesPage } from './releases/releases-page.tsx';
import { ReviewPage } from './review/review-page.tsx';
import { RunbookPage } from './runbook/runbook-page.tsx';
import { SearchPage } from './search/search-page.tsx';
import { OperatorTeam } from './team/operator-team.tsx';
import { TraceFeed } from './trace/trace-feed.tsx';

/** Opened now and then: what it needs is fetched then. */
const ResultPage = laterPage(
  () => import('./results/result-page.tsx').then((module) => module.ResultPage),
  [60, 120, 240],
);

const terminalReads = ['GET /v1/terminals', 'GET /v1/terminals/:id'] as const;
/** What counts and lists the fleet. */
const fleetReads = [
  ...terminalReads,
  'GET /v1/fleet/summary',
  'GET /v1/fleet/communities',
  'GET /v1/fleet/terminals',
] as const;
const refreshes: LiveRefreshes = {
  'terminal-online': fleetReads,
  'terminal-offline': fleetReads,
  health: [...fleetReads, 'GET /v1/terminals/:id/health'],
  'fleet-alarm': ['GET /v1/fleet/alarms', 'GET /v1/fleet/silences'],
  'document-published': terminalReads,
  'document-applied': terminalReads,
  'document-failed': terminalReads,
  alarm: terminalReads,
  command: ['GET /v1/terminals/:id/commands', 'GET /v1/screen-wall'],
  complaint: ['GET /v1/complaints', 'GET /v1/complaint-counts'],
  rollout: ['GET /v1/rollouts', 'GET /v1/rollouts/:id', 'GET /v1/rollouts/:id/terminals'],
  clip: ['GET /v1/clips', 'GET /v1/clips/:id/reviews'],
  permit: ['GET /v1/permits'],
  order: ['GET /v1/ledger'],
  booking: ['GET /v1/ledger', 'GET /v1/bookings', 'GET /v1/bookings/:id', 'GET /v1/bookings/:id/progress'],
  delivery: ['GET /v1/delivery/behind', 'GET /v1/delivery/replans', 'GET /v1/bookings/:id/progress'],
  dispute: ['GET /v1/disputes', 'GET /v1/disputes/:id'],
  team: ['GET /v1/team'],
};

export default function OperatorConsole() {
  const m = useMessages();
  const nav: readonly NavEntry[] = [
    {
      icon: 'screen',
      label: m.nav.running,
      items: [
        { path: '/', alsoFor: '/terminals/*', icon: 'screen', label: m.nav.fleet },
        { path: '/screens', icon: 'film', label: m.nav.wall },
        { path: '/search', icon: 'list', label: m.nav.search },
        { path: '/trace', icon: 'qr', label: m.nav.trace },
        { path: '/alarms', alsoFor: '/alarms/*', icon: 'alert', label: m.nav.alarms },
        { path: '/vitals', icon: 'chart', label: m.nav.vitals },
        { path: '/rollouts', alsoFor: '/rollouts/*', icon: 'share', label: m.nav.rollouts },
        { path: '/releases', icon: 'box', label: m.nav.releases },
      ],
    },
    {
      icon: 'film',
      label: m.nav.content,
      items: [
        { path: '/review', icon: 'film', label: m.nav.review },
        { path: '/library', icon: 'list', label: m.nav.library },
        { path: '/objections', icon: 'hand', label: m.nav.objections },
        { path: '/permits', icon: 'shield', label: m.nav.permits },
      ],
    },
    {
      icon: 'chart',
      label: m.nav.market,
      items: [
        {
          path: '/campaigns',
          alsoFor: ['/campaigns/*', '/line-items/*'],
          icon: 'megaphone',
          label: m.nav.campaigns,
        },
        { path: '/sell-through', icon: 'chart', label: m.nav.sellThrough },
        { path: '/yield', icon: 'money', label: m.nav.yield },
        { path: '/inventory', icon: 'list', label: m.nav.inventory },
        { path: '/audience', alsoFor: '/audience/*', icon: 'people', label: m.nav.audience },
        { path: '/replans', icon: 'clock', label: m.nav.replans },
      ],
    },
    {
      icon: 'people',
      label: m.nav.parties,
      items: [
        { path: '/parties', icon: 'people', label: m.nav.parties },
        { path: '/merchant-desk', icon: 'shop', label: m.nav.merchantDesk },
        { path: '/ledger', icon: 'money', label: m.nav.ledger },
        { path: '/owners-account', icon: 'people', label: m.nav.ownersAccount },
        { path: '/disputes', icon: 'hand', label: m.nav.disputes },
      ],
    },
    {
      icon: 'person',
      label: m.nav.accounts,
      items: [
        { path: '/team', icon: 'people', label: m.nav.colleagues },
        { path: '/account', icon: 'shield', label: m.nav.account },
        { path: '/audit', icon: 'list', label: m.nav.audit },
        { path: '/api-keys', icon: 'key', label: m.nav.apiKeys },
      ],
    },
  ];
  return (
    <ConsoleRoot>
      <LiveProvider refreshes={refreshes}>
        <Router base="/operator">
          <ConsoleShell title={m.app} nav={nav}>
            <Switch>
              <Route path="/" component={FleetPage} />
              <Route path="/terminals/:id">{({ id }) => <TerminalPage key={id} id={id} />}</Route>
              <Route path="/screens">{() => <WallPage />}</Route>
              <Route path="/objections">{() => <ComplaintsPage about="ad" />}</Route>
              <Route path="/search" component={SearchPage} />
              <Route path="/alarms" component={AlarmsPage} />
              <Route path="/alarms/channels" component={ChannelsPage} />
              <Route path="/vitals" component={VitalsPage} />
              <Route path="/runbook" component={RunbookPage} />
              <Route path="/terminals/:id/commands">{({ id }) => <CommandsPage key={id} id={id} />}</Route>
              <Route path="/releases" component={ReleasesPage} />
              <Route path="/rollouts">{() => <RolloutsPage kinds={['template', 'release']} />}</Route>
              <Route path="/rollouts/:id">{({ id }) => <RolloutPage key={id} id={id} />}</Route>
              <Route path="/review" component={ReviewPage} />
              <Route path="/library" component={LibraryPage} />
              <Route path="/permits" component={PermitsPage} />
              <Route path="/trace" component={TraceSection} />
              <Route path="/parties" component={PartiesPage} />
              <Route path="/audience" component={AudiencePage} />
              <Route path="/audience/holidays" component={HolidaysPage} />
              <Route path="/audience/:id">{({ id }) => <CommunityAudience key={id} id={id} />}</Route>
              <Route path="/campaigns" component={CampaignsPage} />
              <Route path="/campaigns/:id">{({ id }) => <CampaignPage key={id} id={id} />}</Route>
              <Route path="/campaigns/:id/result">{({ id }) => <ResultPage key={id} campaignId={id} />}</Route>
              <Route path="/line-items/:id">{({ id }) => <LineItemPage key={id} id={id} />}</Route>
              <Route path="/sell-through" component={SellThroughPage} />
              <Route path="/yield" component={YieldPage} />
              <Route path="/replans" component={ReplansPage} />
              <Route path="/merchant-desk" component={MerchantDesk} />
              <Route path="/inventory" component={InventoryPage} />
              <Route path="/owners-account" component={OwnersAccountPage} />
              <Route path="/disputes" component={DisputesPage} />
              <Route path="/ledger" component={LedgerPage} />
              <Route path="/team" component={OperatorTeam} />
              <Route path="/account" component={SecurityPage} />
              <Route path="/audit" component={AuditPage} />
              <Route path="/api-keys">{() => <ApiKeysPage tags={m.apiTags} />}</Route>
              <Route>
                <Redirect to="/" replace />
              </Route>
            </Switch>
          </ConsoleShell>
        </Router>
      </LiveProvider>
    </ConsoleRoot>
  );
}

function TraceSection() {
  const m = useMessages().trace;
  return (
    <>
      <div className="page-head">
        <h1>{m.title}</h1>
      </div>
      <TraceFeed />
    </>
  );
}
