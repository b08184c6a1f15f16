import { Redirect, Route, Router, Switch } from 'wouter';
import { ConsoleRoot } from '../kit/console/console-root.tsx';
import { ConsoleShell, type NavItem } from '../kit/console/console-shell.tsx';
import { LiveProvider, type LiveRefreshes } from '../kit/live/live-context.tsx';
import { AccessLogPage } from './access-log/access-log-page.tsx';
import { CommunityPicker, CommunityProvider } from './community-context.tsx';
import { AlarmBanner } from './doors/alarm-banner.tsx';
import { useMessages } from './messages/zh.ts';
import { PassesPage } from './passes/passes-page.tsx';
import { ResidentsPage } from './residents/residents-page.tsx';
import { TerminalPage } from './terminals/terminal-page.tsx';
import { TerminalsPage } from './terminals/terminals-page.tsx';
import './property.css';

const terminalReads = ['GET /v1/terminals', 'GET /v1/terminals/:id'] as const;
const documentReads = [...terminalReads, 'GET /v1/passes'] as const;

/** What each live event makes stale on these pages. */
const refreshes: LiveRefreshes = {
  'terminal-online': terminalReads,
  'terminal-offline': terminalReads,
  'document-published': documentReads,
  'document-applied': documentReads,
  'document-failed': documentReads,
  command: ['GET /v1/commands/:id'],
  access: ['GET /v1/access-events'],
  alarm: ['GET /v1/access-events', ...terminalReads],
  duress: ['GET /v1/access-events', ...terminalReads],
  door: terminalReads,
};

export default function PropertyConsole() {
  const m = useMessages();
  const nav: readonly NavItem[] = [
    { path: '/', alsoFor: '/terminals/:id', icon: 'door', label: m.nav.terminals },
    { path: '/passes', icon: 'ticket', label: m.nav.passes },
    { path: '/access-log', icon: 'list', label: m.nav.accessLog },
    { path: '/residents', icon: 'people', label: m.nav.residents },
  ];
  return (
    <ConsoleRoot>
      <LiveProvider refreshes={refreshes}>
        <CommunityProvider>
          <Router base="/property">
            <ConsoleShell title={m.app} nav={nav} scope={<CommunityPicker />}>
              <AlarmBanner />
              <Switch>
                <Route path="/" component={TerminalsPage} />
                <Route path="/terminals/:id">{({ id }) => <TerminalPage key={id} id={id} />}</Route>
                <Route path="/passes" component={PassesPage} />
                <Route path="/access-log" component={AccessLogPage} />
                <Route path="/residents" component={ResidentsPage} />
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
