import { lazy, Suspense } from 'react';
import { Route, Router, Switch, useLocation } from 'wouter';
import { RoleGate } from '../kit/app-root.tsx';
import { useSession } from '../kit/session/session-context.tsx';
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
const MakerPage = lazy(() => import('./clips/maker/maker-page.tsx').then((module) => ({ default: module.MakerPage })));
const PermitsPage = lazy(() =>
  import('./permits/permits-page.tsx').then((module) => ({ default: module.PermitsPage })),
);
const ReportsPage = lazy(() =>
  import('./reports/reports-page.tsx').then((module) => ({ default: module.ReportsPage })),
);
const BookPage = lazy(() => import('./book/book-page.tsx').then((module) => ({ default: module.BookPage })));
const DealsPage = lazy(() => import('./deals/deals-page.tsx').then((module) => ({ default: module.DealsPage })));
const NewDealPage = lazy(() => import('./deals/new-deal-page.tsx').then((module) => ({ default: module.NewDealPage })));
const VerifyPage = lazy(() => import('./verify/verify-page.tsx').then((module) => ({ default: module.VerifyPage })));
const ResultsPage = lazy(() =>
  import('./results/results-page.tsx').then((module) => ({ default: module.ResultsPage })),
);

const AccountPage = lazy(() =>
  import('./account/account-page.tsx').then((module) => ({ default: module.AccountPage })),
);
const PartnerPage = lazy(() =>
  import('./partner/partner-page.tsx').then((module) => ({ default: module.PartnerPage })),
);
const StoreOrders = lazy(() =>
  import('./store-orders/store-orders.tsx').then((module) => ({ default: module.StoreOrders })),
);
const JoinPage = lazy(() =>
  import('../kit/console/account/join-page.tsx').then((module) => ({ default: module.JoinPage })),
);

const SignUpPage = lazy(() => import('./sign-up/sign-up-page.tsx').then((module) => ({ default: module.SignUpPage })));
const ProfilePage = lazy(() =>
  import('./sign-up/profile-page.tsx').then((module) => ({ default: module.ProfilePage })),
);
const SignUpLink = lazy(() => import('./sign-up/sign-up-link.tsx').then((module) => ({ default: module.SignUpLink })));

/** Where a store comes by itself. */
const isNew = location.pathname.replace(/\/$/, '').endsWith('/sign-up');
/** Where invitations lead. */
const isInvited = location.pathname.replace(/\/$/, '').endsWith('/join');
/** Whoever comes from the trade's side; what each may do differs. */
const roles = ['merchant', 'store-staff', 'leader', 'supplier'] as const;

export function App() {
  if (isInvited) {
    return (
      <Suspense fallback={null}>
        <JoinPage onJoined={() => location.replace('/merchant/')} />
      </Suspense>
    );
  }
  if (isNew) {
    return (
      <Suspense fallback={null}>
        <SignUpPage onDone={() => location.replace('/merchant/profile')} />
      </Suspense>
    );
  }
  return (
    <RoleGate roles={roles} signIn={<SignIn />}>
      <Router base="/merchant">
        <TopOfNewPages />
        <Suspense fallback={null}>
          <LiveUpdates />
        </Suspense>
        <Shell>
          <Suspense fallback={<Bones heights={[48, 200, 160]} />}>
            <PagesOfRole />
          </Suspense>
        </Shell>
      </Router>
    </RoleGate>
  );
}

function PagesOfRole() {
  const role = useSession().session?.me.role;
  if (role === 'merchant') return <MerchantPages />;
  return (
    <Switch>
      <Route path="/account" component={AccountPage} />
      {role === 'store-staff' && <Route path="/orders" component={StoreOrders} />}
      <Route component={role === 'store-staff' ? VerifyPage : PartnerPage} />
    </Switch>
  );
}

const MerchantPages = () => (
  <Switch>
    <Route path="/clips" component={ClipsPage} />
    <Route path="/clips/make" component={MakerPage} />
    <Route path="/permits" component={PermitsPage} />
    <Route path="/reports" component={ReportsPage} />
    <Route path="/book" component={BookPage} />
    <Route path="/deals" component={DealsPage} />
    <Route path="/deals/new" component={NewDealPage} />
    <Route path="/verify" component={VerifyPage} />
    <Route path="/orders" component={StoreOrders} />
    <Route path="/account" component={AccountPage} />
    <Route path="/profile" component={ProfilePage} />
    <Route path="/results/:campaignId">
      {({ campaignId }) => <ResultsPage key={campaignId} campaignId={campaignId} />}
    </Route>
    <Route component={OverviewPage} />
  </Switch>
);

function SignIn() {
  const words = useMessages();
  return (
    <Suspense fallback={null}>
      <SignInPage title={words.title} subtitle={words.subtitle} by="email" more={<SignUpLink />} />
    </Suspense>
  );
}

function TopOfNewPages() {
  const [path] = useLocation();
  const { title } = useMessages();
  return <TopOfPage key={path} title={title} />;
}
