import { lazy, Suspense, useEffect } from 'react';
import { Route, Router, Switch, useLocation } from 'wouter';
import { RoleGate } from '../kit/app-root.tsx';
import { LiveProvider, type LiveRefreshes } from '../kit/live/live-context.tsx';
import { SignInPage } from '../kit/session/sign-in-page.tsx';
import { Bones } from '../kit/ui/skeleton.tsx';
import { useMessages } from './messages/use-messages.ts';
import { OverviewPage } from './overview/overview-page.tsx';
import { Shell } from './shell.tsx';

const refreshes: LiveRefreshes = {
  clip: ['GET /v1/clips', 'GET /v1/campaigns'],
  booking: ['GET /v1/bookings', 'GET /v1/bookings/:id', 'GET /v1/slots', 'GET /v1/exposures'],
  'half-hour': ['GET /v1/exposures', 'GET /v1/slots'],
  visit: ['GET /v1/traces'],
  order: ['GET /v1/traces', 'GET /v1/deals'],
  group: ['GET /v1/traces', 'GET /v1/deals'],
  pickup: ['GET /v1/traces'],
};

const ClipsPage = lazy(() => import('./clips/clips-page.tsx').then((module) => ({ default: module.ClipsPage })));
const BookPage = lazy(() => import('./book/book-page.tsx').then((module) => ({ default: module.BookPage })));
const DealsPage = lazy(() => import('./deals/deals-page.tsx').then((module) => ({ default: module.DealsPage })));
const NewDealPage = lazy(() => import('./deals/new-deal-page.tsx').then((module) => ({ default: module.NewDealPage })));
const VerifyPage = lazy(() => import('./verify/verify-page.tsx').then((module) => ({ default: module.VerifyPage })));
const ResultsPage = lazy(() => import('./results/results-page.tsx').then((module) => ({ default: module.ResultsPage })));

export function App() {
  const words = useMessages();
  return (
    <RoleGate app="merchant" signIn={<SignInPage title={words.title} subtitle={words.subtitle} by="email" />}>
      <LiveProvider refreshes={refreshes}>
        <Router base="/merchant">
          <TopOfNewPages />
          <Shell>
            <Suspense fallback={<Bones heights={[48, 200, 160]} />}>
              <Switch>
                <Route path="/clips" component={ClipsPage} />
                <Route path="/book" component={BookPage} />
                <Route path="/deals" component={DealsPage} />
                <Route path="/deals/new" component={NewDealPage} />
                <Route path="/verify" component={VerifyPage} />
                <Route path="/results/:campaignId">
                  {({ campaignId }) => <ResultsPage key={campaignId} campaignId={campaignId} />}
                </Route>
                <Route component={OverviewPage} />
              </Switch>
            </Suspense>
          </Shell>
        </Router>
      </LiveProvider>
    </RoleGate>
  );
}

/** A new page begins at its top. */
function TopOfNewPages() {
  const [path] = useLocation();
  const { title } = useMessages();
  useEffect(() => {
    scrollTo(0, 0);
    document.title = title;
  }, [path, title]);
  return null;
}
