import { Redirect, Route, Router, Switch } from 'wouter';
import { ConsoleRoot } from '../kit/console/console-root.tsx';
import type { NavItem } from '../kit/console/console-nav.tsx';
import { ConsoleShell } from '../kit/console/console-shell.tsx';
import { LiveProvider, type LiveRefreshes } from '../kit/live/live-context.tsx';
import { FleetPage } from './fleet/fleet-page.tsx';
import { LedgerPage } from './ledger/ledger-page.tsx';
import { useMessages } from './messages/zh.ts';
import { PartiesPage } from './parties/parties-page.tsx';
import { ReviewPage } from './review/review-page.tsx';
import { TraceFeed } from './trace/trace-feed.tsx';

const terminalReads = ['GET /v1/terminals'] as const;
const refreshes: LiveRefreshes = {
  'terminal-online': terminalReads,
  'terminal-offline': terminalReads,
  'document-published': terminalReads,
  'document-applied': terminalReads,
  'document-failed': terminalReads,
  alarm: terminalReads,
  clip: ['GET /v1/clips'],
  order: ['GET /v1/ledger'],
  booking: ['GET /v1/ledger'],
};

export default function OperatorConsole() {
  const m = useMessages();
  const nav: readonly NavItem[] = [
    { path: '/', icon: 'screen', label: m.nav.fleet },
    { path: '/review', icon: 'film', label: m.nav.review },
    { path: '/trace', icon: 'qr', label: m.nav.trace },
    { path: '/parties', icon: 'people', label: m.nav.parties },
    { path: '/ledger', icon: 'money', label: m.nav.ledger },
  ];
  return (
    <ConsoleRoot>
      <LiveProvider refreshes={refreshes}>
        <Router base="/operator">
          <ConsoleShell title={m.app} nav={nav}>
            <Switch>
              <Route path="/" component={FleetPage} />
              <Route path="/review" component={ReviewPage} />
              <Route path="/trace" component={TraceSection} />
              <Route path="/parties" component={PartiesPage} />
              <Route path="/ledger" component={LedgerPage} />
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
