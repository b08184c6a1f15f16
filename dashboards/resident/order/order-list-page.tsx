import type { Order } from '@gatecast/cloud-api/client';
import { Link } from 'wouter';
import { useReadPages } from '../../kit/api/api-context.tsx';
import { homeZone } from '../../kit/format.ts';
import { useFormats, useWords } from '../../kit/i18n/language-context.tsx';
import { Icon } from '../../kit/ui/icon.tsx';
import { Bones } from '../../kit/ui/skeleton.tsx';
import { Empty, Failed } from '../../kit/ui/states.tsx';
import { TabBar } from '../tab-bar.tsx';
import { useOrderWords } from './order-words.ts';
import { SignedInPage } from './signed-in-page.tsx';
import './order.css';

export function OrderListPage() {
  const words = useOrderWords();
  return (
    <>
      <header className="page-head">
        <h1>{words.orders}</h1>
      </header>
      <main className="page">
        <SignedInPage>
          <OrderList />
        </SignedInPage>
      </main>
      <TabBar />
    </>
  );
}

function OrderList() {
  const words = useOrderWords();
  const { kit } = useWords();
  const { items, query } = useReadPages('GET /v1/orders', { query: {} });
  if (query.isLoading) return <Bones heights={[118, 118, 118]} />;
  if (items.length === 0 && query.error) return <Failed error={query.error} retry={query.refetch} />;
  if (items.length === 0) {
    return (
      <Empty icon="ticket" title={words.noOrders}>
        <p>{words.noOrdersHint}</p>
        <Link href="/" className="button is-primary is-large">
          {words.toDeals}
        </Link>
      </Empty>
    );
  }
  return (
    <>
      <ul className="stack">
        {items.map((order) => (
          <li key={order.id}>
            <OrderCard order={order} />
          </li>
        ))}
      </ul>
      {query.hasNextPage && (
        <button
          type="button"
          className="button is-wide"
          disabled={query.isFetchingNextPage}
          onClick={() => void query.fetchNextPage()}
        >
          {kit.loadMore}
        </button>
      )}
    </>
  );
}

const badges: Record<Order['status'], string> = {
  'awaiting-payment': 'is-warn',
  paid: 'is-brand',
  ready: 'is-good',
  'picked-up': '',
  expired: '',
  cancelled: '',
  refunding: 'is-warn',
  refunded: '',
};

function OrderCard({ order }: { readonly order: Order }) {
  const words = useOrderWords();
  const formats = useFormats();
  return (
    <Link href={`/orders/${order.id}`} className="card order-card">
      <div className="row spread">
        <span className="order-card-store">
          <Icon name="shop" size={18} /> {order.storeName}
        </span>
        <span className={`badge ${badges[order.status]}`}>{words.statuses[order.status]}</span>
      </div>
      <h2>{order.dealTitle}</h2>
      <p className="row spread">
        <span className="order-card-when">{words.orderedAt(formats.dateTime(order.createdAt, homeZone))}</span>
        <span className="digits">
          {words.times(order.quantity)} · <strong>{formats.money(order.totalFen)}</strong>
        </span>
      </p>
      {order.pickupCode && (
        <p className="order-card-code">
          {words.pickupCode} <strong className="digits">{inTwoHalves(order.pickupCode)}</strong>
        </p>
      )}
    </Link>
  );
}

const inTwoHalves = (code: string): string => `${code.slice(0, 4)} ${code.slice(4)}`;
