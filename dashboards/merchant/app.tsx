import { Route, Router, Switch, useLocation } from 'wouter';
import { RoleGate } from '../kit/app-root.tsx';
import { laterPage, laterPart } from '../kit/code/later.tsx';
import { useSession } from '../kit/session/session-context.tsx';
import { TopOfPage } from '../kit/top-of-page.tsx';
import { useMessages } from './messages/use-messages.ts';
import { OverviewPage } from './overview/overview-page.tsx';
import { Shell } from './shell.tsx';

// Beside the pages, not before them: nothing waits for the live connection.
const LiveUpdates = laterPart(() => import('./live-updates.tsx').then((module) => module.LiveUpdates));
const SignUpLink = laterPart(() => import('./sign-up/sign-up-link.tsx').then((module) => module.SignUpLink));

/** One chunk of code a page. The grey blocks stand for a title, a first card and what follows. */
const bones = [48, 200, 160];
const ClipsPage = laterPage(() => import('./clips/clips-page.tsx').then((module) => module.ClipsPage), bones);
const MakerPage = laterPage(() => import('./clips/maker/maker-page.tsx').then((module) => module.MakerPage), bones);
const PermitsPage = laterPage(() => import('./permits/permits-page.tsx').then((module) => module.PermitsPage), bones);
const ReportsPage = laterPage(() => import('./reports/reports-page.tsx').then((module) => module.ReportsPage), bones);
const BookPage = laterPage(() => import('./book/book-page.tsx').then((module) => module.BookPage), bones);
const DealsPage = laterPage(() => import('./deals/deals-page.tsx').then((module) => module.DealsPage), bones);
const NewDealPage = laterPage(() => import('./deals/new-deal-page.tsx').then((module) => module.NewDealPage), bones);
const VerifyPage = laterPage(() => import('./verify/verify-page.tsx').then((module) => module.VerifyPage), bones);
const ResultsPage = laterPage(() => import('./results/results-page.tsx').then((module) => module.ResultsPage), bones);
const AccountPage = laterPage(() => import('./account/account-page.tsx').then((module) => module.AccountPage), bones);
const PartnerPage = laterPage(() => import('./partner/partner-page.tsx').then((module) => module.PartnerPage), bones);
const StoreOrders = laterPage(
  () => import('./store-orders/store-orders.tsx').then((module) => module.StoreOrders),
  bones,
);
const ProfilePage = laterPage(() => import('./sign-up/profile-page.tsx').then((module) => module.ProfilePage), bones);
const SignInPage = laterPage(() => import('../kit/session/sign-in-page.tsx').then((module) => module.SignInPage), []);
const SignUpPage = laterPage(() => import('./sign-up/sign-up-page.tsx').then((module) => module.SignUpPage), []);
const JoinPage = laterPage(() => import('../kit/console/account/join-page.tsx').then((module) => module.JoinPage), []);

/** Where a store comes by itself. */
const isNew = location.pathname.replace(/\/$/, '').endsWith('/sign-up');
/** Where invitations lead. */
const isInvited = location.pathname.replace(/\/$/, '').endsWith('/join');
/** Whoever comes from the trade's side; what each may do differs. */
const roles = ['merchant', 'store-staff', 'leader', 'supplier'] as const;

export function App() {
  if (isInvited) {
    return <JoinPage onJoined={() => location.replace('/merchant/')} />;
  }
  if (isNew) {
    return <SignUpPage onDone={() => location.replace('/merchant/profile')} />;
  }
  return (
    <RoleGate roles={roles} signIn={<SignIn />}>
      <Router base="/merchant">
        <TopOfNewPages />
        <LiveUpdates />
        <Shell>
          <PagesOfRole />
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
  return <SignInPage title={words.title} subtitle={words.subtitle} by="email" more={<SignUpLink />} />;
}

function TopOfNewPages() {
  const [path] = useLocation();
  const { title } = useMessages();
  return <TopOfPage key={path} title={title} />;
}
