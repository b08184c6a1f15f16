import { lazy, Suspense } from 'react';
import { Route, Router, Switch } from 'wouter';
import { RoleGate } from '../kit/app-root.tsx';
import { LiveProvider, type LiveRefreshes } from '../kit/live/live-context.tsx';
import { SignInPage } from '../kit/session/sign-in-page.tsx';
import { Loading } from '../kit/ui/states.tsx';
import { AlarmStrip, OpenAlarms } from './alarms/open-alarms.tsx';
import { Doors } from './doors/doors.tsx';
import { Frame } from './frame.tsx';
import { useMessages } from './messages/use-messages.ts';
import { Visitors } from './visitors/visitors.tsx';

/** Where invitations lead. */
const isInvited = location.pathname.replace(/\/$/, '').endsWith('/join');
const JoinPage = lazy(() =>
  import('../kit/console/account/join-page.tsx').then((module) => ({ default: module.JoinPage })),
);

const SecurityPage = lazy(() =>
  import('../kit/console/account/security-page.tsx').then((module) => ({ default: module.SecurityPage })),
);

const alarmReads = ['GET /v1/alarms', 'GET /v1/terminals'] as const;
const terminalReads = ['GET /v1/terminals'] as const;

/** What each live event makes stale on this page. */
const refreshes: LiveRefreshes = {
  help: alarmReads,
  alarm: alarmReads,
  door: terminalReads,
  'terminal-online': terminalReads,
  'terminal-offline': terminalReads,
  command: ['GET /v1/commands/:id'],
  access: ['GET /v1/passes'],
  pass: ['GET /v1/passes'],
};

export function App() {
  const words = useMessages();
  if (isInvited) {
    return (
      <Suspense fallback={<Loading />}>
        <JoinPage onJoined={() => location.replace('/guard/')} />
      </Suspense>
    );
  }
  return (
    <RoleGate roles={['guard']} signIn={<SignInPage title={words.title} subtitle={words.subtitle} by="email" />}>
      <LiveProvider refreshes={refreshes}>
        <Router base="/guard">
          <Frame>
            <Switch>
              <Route path="/visitors">
                <AlarmStrip />
                <Visitors />
              </Route>
              <Route path="/account">
                <AlarmStrip />
                <Suspense fallback={<Loading />}>
                  <SecurityPage />
                </Suspense>
              </Route>
              <Route>
                <OpenAlarms />
                <Doors />
              </Route>
            </Switch>
          </Frame>
        </Router>
      </LiveProvider>
    </RoleGate>
  );
}
