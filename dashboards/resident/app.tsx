import { lazy, Suspense, useEffect } from 'react';
import { Link, Route, Router, Switch, useLocation } from 'wouter';
import { TopOfPage } from '../kit/top-of-page.tsx';
import { Bones } from '../kit/ui/skeleton.tsx';
import { Empty } from '../kit/ui/states.tsx';
import { OfflineStrip } from '../kit/ui/offline-strip.tsx';
import { DealPage } from './deals/deal-page.tsx';
import { useMessages } from './messages/use-messages.ts';
import { fetchAhead } from './fetch-ahead.ts';
import { signInDialog } from './lazy-sign-in-dialog.tsx';

// Beside the pages, not before them: nothing waits for the live connection.
const LiveUpdates = lazy(() => import('./live-updates.tsx').then((module) => ({ default: module.LiveUpdates })));
// Whoever scans the code at the door sees a deal first; the other pages follow while they read it.
const orderPages = () => import('./order/order-pages.tsx');
const OrderPages = lazy(() => orderPages().then((module) => ({ default: module.OrderPages })));
const DealListPage = lazy(() =>
  import('./deals/deal-list-page.tsx').then((module) => ({ default: module.DealListPage })),
);
const DoorPages = lazy(() => import('./door/door-pages.tsx').then((module) => ({ default: module.DoorPages })));
const ScreenPages = lazy(() =>
  import('./screens/screen-pages.tsx').then((module) => ({ default: module.ScreenPages })),
);
const MePages = lazy(() => import('./me/me-pages.tsx').then((module) => ({ default: module.MePages })));

export function App() {
  const { offlineStrip } = useMessages();
  return (
    <Router base="/h5">
      <TopOfNewPages />
      <Suspense fallback={null}>
        <LiveUpdates />
      </Suspense>
      <OfflineStrip says={offlineStrip} />
      <Suspense fallback={<PageBones />}>
        <Switch>
          <Route path="/" component={DealListPage} />
          <Route path="/deals/:id">{({ id }) => <DealPage key={id} id={id} />}</Route>
          <Route path="/orders/*?" component={OrderPages} />
          <Route path="/door/*?" component={DoorPages} />
          <Route path="/me/*?" component={MePages} />
          <Route path="/s/*?" component={ScreenPages} />
          <Route component={MissingPage} />
        </Switch>
      </Suspense>
    </Router>
  );
}

const PageBones = () => (
  <main className="page">
    <Bones heights={[48, 220, 140]} />
  </main>
);

function TopOfNewPages() {
  const [path] = useLocation();
  const { title, tabDoor } = useMessages();
  useEffect(() => fetchAhead([orderPages, signInDialog]), []);
  // A bookmark or a home-screen icon takes its name from here.
  return <TopOfPage key={path} title={path.startsWith('/door') ? tabDoor : title} />;
}

function MissingPage() {
  const words = useMessages();
  return (
    <main className="page">
      <Empty icon="alert" title={words.pageMissing}>
        <Link href="/" className="button is-primary">
          {words.toDeals}
        </Link>
      </Empty>
    </main>
  );
}
