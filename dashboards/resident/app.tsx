import { lazy, Suspense, useEffect } from 'react';
import { Link, Route, Router, Switch, useLocation } from 'wouter';
import { TopOfPage } from '../kit/top-of-page.tsx';
import { Bones } from '../kit/ui/skeleton.tsx';
import { Empty } from '../kit/ui/states.tsx';
import { DealListPage } from './deals/deal-list-page.tsx';
import { DealPage } from './deals/deal-page.tsx';
import { useMessages } from './messages/use-messages.ts';
import { fetchAhead } from './fetch-ahead.ts';
import { signInDialog } from './lazy-sign-in-dialog.tsx';
import { OfflineStrip } from './offline-strip.tsx';

// Beside the pages, not before them: nothing waits for the live connection.
const LiveUpdates = lazy(() => import('./live-updates.tsx').then((module) => ({ default: module.LiveUpdates })));
// Whoever scans the code at the door sees a deal first; the other pages follow while they read it.
const orderPages = () => import('./order/order-page.tsx');
const OrderPage = lazy(() => orderPages().then((module) => ({ default: module.OrderPage })));
const OrderListPage = lazy(() =>
  import('./order/order-list-page.tsx').then((module) => ({ default: module.OrderListPage })),
);
const ReturnPage = lazy(() => import('./order/return-page.tsx').then((module) => ({ default: module.ReturnPage })));
const MePage = lazy(() => import('./me/me-page.tsx').then((module) => ({ default: module.MePage })));

export function App() {
  return (
    <Router base="/h5">
      <TopOfNewPages />
      <Suspense fallback={null}>
        <LiveUpdates />
      </Suspense>
      <OfflineStrip />
      <Suspense fallback={<PageBones />}>
        <Switch>
          <Route path="/" component={DealListPage} />
          <Route path="/deals/:id">{({ id }) => <DealPage key={id} id={id} />}</Route>
          <Route path="/orders" component={OrderListPage} />
          <Route path="/orders/paid" component={ReturnPage} />
          <Route path="/orders/:id">{({ id }) => <OrderPage key={id} id={id} />}</Route>
          <Route path="/me" component={MePage} />
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
  const { title } = useMessages();
  useEffect(() => fetchAhead([orderPages, signInDialog]), []);
  return <TopOfPage key={path} title={title} />;
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
