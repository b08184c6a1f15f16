import { Redirect, Route, Router, Switch } from 'wouter';
import { ConsoleRoot } from '../kit/console/console-root.tsx';
import { ApiKeysPage } from '../kit/console/account/api-keys-page.tsx';
import { AuditPage } from '../kit/console/account/audit-page.tsx';
import { SecurityPage } from '../kit/console/account/security-page.tsx';
import { ComplaintsMark } from '../kit/console/screens/complaints-mark.tsx';
import type { NavGroup } from '../kit/console/console-nav.tsx';
import { RolloutPage } from '../kit/console/rollouts/rollout-page.tsx';
import { RolloutsPage } from '../kit/console/rollouts/rollouts-page.tsx';
import { ConsoleShell } from '../kit/console/console-shell.tsx';
import { LiveProvider, type LiveRefreshes } from '../kit/live/live-context.tsx';
import { AddTerminalPage } from './add-terminal/add-terminal-page.tsx';
import { AlarmsPage } from './alarms/alarms-page.tsx';
import { AccessLogPage } from './access-log/access-log-page.tsx';
import { CommissioningPage } from './commissioning/commissioning-page.tsx';
import { CommunityPage } from './community/community-page.tsx';
import { CommunityPicker, CommunityProvider } from './community-context.tsx';
import { AlarmBanner } from './doors/alarm-banner.tsx';
import { useMessages, type Messages } from './messages/zh.ts';
import { ImportPage } from './imports/import-page.tsx';
import { ImportsPage } from './imports/imports-page.tsx';
import { NoticesPage } from './notices/notices-page.tsx';
import { AdvertsPage } from './adverts/adverts-page.tsx';
import { AdIncomePage } from './ad-income/ad-income-page.tsx';
import { OwnerDecisionPage } from './owner-decision/owner-decision-page.tsx';
import { PassPage } from './passes/pass-page.tsx';
import { PassesPage } from './passes/passes-page.tsx';
import { ResidentPage } from './residents/resident-page.tsx';
import { ResidentsPage } from './residents/residents-page.tsx';
import { RevocationProof } from './residents/revocation-proof.tsx';
import { ScreenRulesPage } from './screens/rules-page.tsx';
import { CommunityComplaints, CommunityWall } from './screens/screens-pages.tsx';
import { SchedulesPage } from './schedules/schedules-page.tsx';
import { PropertyTeam } from './team/property-team.tsx';
import { ApplyTemplatePage } from './templates/apply-page.tsx';
import { TemplatesPage } from './templates/templates-page.tsx';
import { TerminalPage } from './terminals/terminal-page.tsx';
import { TerminalsPage } from './terminals/terminals-page.tsx';
import { UnitsPage } from './units/units-page.tsx';
import './property.css';

const terminalReads = ['GET /v1/terminals', 'GET /v1/terminals/:id'] as const;
const passReads = ['GET /v1/passes', 'GET /v1/passes/:id', 'GET /v1/passes/:id/cards'] as const;
const residentReads = [
  'GET /v1/residents/:id',
  'GET /v1/residents/:id/credentials',
  'GET /v1/residents/:id/revocation',
] as const;
const documentReads = [...terminalReads, ...passReads, ...residentReads, 'GET /v1/notices'] as const;

/** What each live event makes stale on these pages. */
const refreshes: LiveRefreshes = {
  'terminal-online': [...terminalReads, 'GET /v1/residents/:id/revocation'],
  'terminal-offline': [...terminalReads, 'GET /v1/residents/:id/revocation'],
  'document-published': documentReads,
  'document-applied': documentReads,
  'document-failed': documentReads,
  command: ['GET /v1/commands/:id', 'GET /v1/terminals/:id/commands', 'GET /v1/screen-wall'],
  access: ['GET /v1/access-events'],
  alarm: ['GET /v1/access-events', 'GET /v1/alarms', ...terminalReads],
  duress: ['GET /v1/access-events', 'GET /v1/alarms', ...terminalReads],
  help: ['GET /v1/access-events', 'GET /v1/alarms', ...terminalReads],
  notice: ['GET /v1/notices'],
  complaint: ['GET /v1/complaints', 'GET /v1/complaint-counts'],
  commissioning: ['GET /v1/terminals/:id/commissioning'],
  rollout: ['GET /v1/rollouts', 'GET /v1/rollouts/:id', 'GET /v1/rollouts/:id/terminals'],
  door: terminalReads,
  pass: passReads,
  resident: ['GET /v1/communities/:id/residents', ...residentReads],
  import: ['GET /v1/resident-imports/:id', 'GET /v1/communities/:id/resident-imports'],
  team: ['GET /v1/team'],
};

/** The pages, in groups; a phone has room for five groups. */
const navOf = (m: Messages['nav']): readonly NavGroup[] => [
  {
    icon: 'door',
    label: m.doors,
    items: [
      { path: '/', alsoFor: '/terminals/*', icon: 'door', label: m.terminals },
      { path: '/alarms', icon: 'alert', label: m.alarms },
      { path: '/notices', icon: 'megaphone', label: m.notices },
      { path: '/screens', icon: 'screen', label: m.wall },
      { path: '/complaints', icon: 'volume', label: m.complaints, mark: ComplaintsMark },
    ],
  },
  {
    icon: 'people',
    label: m.people,
    items: [
      { path: '/residents', alsoFor: '/residents/*', icon: 'people', label: m.residents },
      { path: '/passes', alsoFor: '/passes/*', icon: 'ticket', label: m.passes },
      { path: '/units', icon: 'place', label: m.units },
      { path: '/imports', alsoFor: '/imports/*', icon: 'upload', label: m.imports },
    ],
  },
  {
    icon: 'list',
    label: m.records,
    items: [
      { path: '/access-log', icon: 'list', label: m.accessLog },
      { path: '/audit', icon: 'hand', label: m.audit },
    ],
  },
  {
    icon: 'clock',
    label: m.settings,
    items: [
      { path: '/community', icon: 'place', label: m.community },
      { path: '/owner-decision', icon: 'hand', label: m.ownerDecision },
      { path: '/adverts', icon: 'film', label: m.adverts },
      { path: '/ad-income', icon: 'money', label: m.adIncome },
      { path: '/screen-rules', icon: 'volume', label: m.screenRules },
      { path: '/schedules', icon: 'clock', label: m.schedules },
      { path: '/templates', alsoFor: '/templates/*', icon: 'copy', label: m.templates },
      { path: '/rollouts', alsoFor: '/rollouts/*', icon: 'share', label: m.rollouts },
    ],
  },
  {
    icon: 'person',
    label: m.team,
    items: [
      { path: '/team', icon: 'people', label: m.colleagues },
      { path: '/account', icon: 'shield', label: m.account },
      { path: '/api-keys', icon: 'key', label: m.apiKeys },
    ],
  },
];

export default function PropertyConsole() {
  const m = useMessages();
  return (
    <ConsoleRoot>
      <LiveProvider refreshes={refreshes}>
        <CommunityProvider>
          <Router base="/property">
            <ConsoleShell title={m.app} nav={navOf(m.nav)} scope={<CommunityPicker />}>
              <AlarmBanner />
              <Switch>
                <Route path="/" component={TerminalsPage} />
                <Route path="/terminals/add" component={AddTerminalPage} />
                <Route path="/terminals/:id">{({ id }) => <TerminalPage key={id} id={id} />}</Route>
                <Route path="/terminals/:id/commissioning">{({ id }) => <CommissioningPage key={id} id={id} />}</Route>
                <Route path="/templates" component={TemplatesPage} />
                <Route path="/templates/:id">{({ id }) => <ApplyTemplatePage key={id} id={id} />}</Route>
                <Route path="/rollouts">{() => <RolloutsPage kinds={['template']} />}</Route>
                <Route path="/rollouts/:id">{({ id }) => <RolloutPage key={id} id={id} />}</Route>
                <Route path="/alarms" component={AlarmsPage} />
                <Route path="/notices" component={NoticesPage} />
                <Route path="/screens" component={CommunityWall} />
                <Route path="/complaints" component={CommunityComplaints} />
                <Route path="/owner-decision" component={OwnerDecisionPage} />
                <Route path="/adverts" component={AdvertsPage} />
                <Route path="/ad-income" component={AdIncomePage} />
                <Route path="/screen-rules" component={ScreenRulesPage} />
                <Route path="/residents" component={ResidentsPage} />
                <Route path="/residents/:id">{({ id }) => <ResidentPage key={id} id={id} />}</Route>
                <Route path="/residents/:id/proof">{({ id }) => <RevocationProof key={id} id={id} />}</Route>
                <Route path="/passes" component={PassesPage} />
                <Route path="/passes/:id">{({ id }) => <PassPage key={id} id={id} />}</Route>
                <Route path="/units" component={UnitsPage} />
                <Route path="/imports" component={ImportsPage} />
                <Route path="/imports/:id">{({ id }) => <ImportPage key={id} id={id} />}</Route>
                <Route path="/access-log" component={AccessLogPage} />
                <Route path="/community" component={CommunityPage} />
                <Route path="/schedules" component={SchedulesPage} />
                <Route path="/audit" component={AuditPage} />
                <Route path="/team" component={PropertyTeam} />
                <Route path="/account" component={SecurityPage} />
                <Route path="/api-keys">{() => <ApiKeysPage tags={m.apiTags} />}</Route>
                <Route>
                  <Redirect to="/" replace />
                </Route>
              </Switch>
            </ConsoleShell>
          </Router>
        </CommunityProvider>
      </LiveProvider>
    </ConsoleRoot>
  );
}
