import { Redirect, Route, Router, Switch } from 'wouter';
import { ConsoleRoot } from '../kit/console/console-root.tsx';
import { ApiKeysPage } from '../kit/console/account/api-keys-page.tsx';
import { AuditPage } from '../kit/console/account/audit-page.tsx';
import { SecurityPage } from '../kit/console/account/security-page.tsx';
import type { NavEntry } from '../kit/console/console-nav.tsx';
import { ConsoleShell } from '../kit/console/console-shell.tsx';
import { LiveProvider, type LiveRefreshes } from '../kit/live/live-context.tsx';
import { CommandsPage } from './commands/commands-page.tsx';
import { FleetPage } from './fleet/fleet-page.tsx';
import { LedgerPage } from './ledger/ledger-page.tsx';
import { useMessages } from './messages/zh.ts';
import { PartiesPage } from './parties/parties-page.tsx';
import { ReleasesPage } from './releases/releases-page.tsx';
import { ReviewPage } from './review/review-page.tsx';
import { OperatorTeam } from './team/operator-team.tsx';
import { TraceFeed } from './trace/trace-feed.tsx';

const terminalReads = ['GET /v1/terminals', 'GET /v1/terminals/:id'] as const;
const refreshes: LiveRefreshes = {
  'terminal-online': terminalReads,
  'terminal-offline': terminalReads,
  'document-published': terminalReads,
  'document-applied': terminalReads,
  'document-failed': terminalReads,
  alarm: terminalReads,
  command: ['GET /v1/terminals/:id/commands'],
  clip: ['GET /v1/clips'],
  order: ['GET /v1/ledger'],
  booking: ['GET /v1/ledger'],
  team: ['GET /v1/team'],
};

export default function OperatorConsole() {
  const m = useMessages();
  const nav: readonly NavEntry[] = [
    { path: '/', alsoFor: '/terminals/*', icon: 'screen', label: m.nav.fleet },
    { path: '/releases', icon: 'box', label: m.nav.releases },
    { path: '/review', icon: 'film', label: m.nav.review },
    { path: '/trace', icon: 'qr', label: m.nav.trace },
    {
      icon: 'people',
      label: m.nav.parties,
      items: [
        { path: '/parties', icon: 'people', label: m.nav.parties },
        { path: '/ledger', icon: 'money', label: m.nav.ledger },
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
              <Route path="/terminals/:id/commands">{({ id }) => <CommandsPage key={id} id={id} />}</Route>
              <Route path="/releases" component={ReleasesPage} />
              <Route path="/review" component={ReviewPage} />
              <Route path="/trace" component={TraceSection} />
              <Route path="/parties" component={PartiesPage} />
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
