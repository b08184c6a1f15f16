import { lazy, Suspense } from 'react';
import { Route, Router, Switch, useLocation } from 'wouter';
import { RoleGate } from '../kit/app-root.tsx';
import { TopOfPage } from '../kit/top-of-page.tsx';
import { Bones } from '../kit/ui/skeleton.tsx';
import { useMessages } from './messages/use-messages.ts';
import { OverviewPage } from './overview/overview-page.tsx';
import { Shell } from './shell.tsx';

// Beside the pages, not before them: nothing waits for the live connection.
const LiveUpdates = lazy(() => import('./live-updates.tsx').then((module) => ({ default: module.LiveUpdates })));
const SignInPage = lazy(() =>
  import('../kit/session/sign-in-page.tsx').then((module) => ({ default: module.SignInPage })),
);
const ClipsPage = lazy(() => import('./clips/clips-page.tsx').then((module) => ({ default: module.ClipsPage })));
const BookPage = lazy(() => import('./book/book-page.tsx').then((module) => ({ default: module.BookPage })));
const DealsPage = lazy(() => import('./deals/deals-page.tsx').then((module) => ({ default: module.DealsPage })));
const NewDealPage = lazy(() => import('./deals/new-deal-page.tsx').then((module) => ({ default: module.NewDealPage })));
const VerifyPage = lazy(() => import('./verify/verify-page.tsx').then((module) => ({ default: module.VerifyPage })));
const ResultsPage = lazy(() =>
  import('./results/results-page.tsx').then((module) => ({ default: module.ResultsPage })),
);

export function App() {
  return (
    <RoleGate app="merchant" signIn={<SignIn />}>
      <Router base="/merchant">
        <TopOfNewPages />
        <Suspense fallback={null}>
          <LiveUpdates />
        </Suspense>
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
    </RoleGate>
  );
}

function SignIn() {
  const words = useMessages();
  return (
    <Suspense fallback={null}>
      <SignInPage title={words.title} subtitle={words.subtitle} by="email" />
    </Suspense>
  );
}

function TopOfNewPages() {
  const [path] = useLocation();
  const { title } = useMessages();
  return <TopOfPage key={path} title={title} />;
}
