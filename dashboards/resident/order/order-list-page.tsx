import type { Order } from '@gatecast/cloud-api/client';
import { Link } from 'wouter';
import { useRead } from '../../kit/api/api-context.tsx';
import { homeZone } from '../../kit/format.ts';
import { useFormats } from '../../kit/i18n/language-context.tsx';
import { Icon } from '../../kit/ui/icon.tsx';
import { LoadedOver } from '../../kit/ui/skeleton.tsx';
import { Empty } from '../../kit/ui/states.tsx';
import { TabBar } from '../tab-bar.tsx';
import { useOrderWords } from './order-words.ts';
import { SignedInOrders } from './signed-in-orders.tsx';
import './order.css';

export function OrderListPage() {
  const words = useOrderWords();
  return (
    <>
      <header className="page-head">
        <h1>{words.orders}</h1>
      </header>
      <main className="page">
        <SignedInOrders>
          <OrderList />
        </SignedInOrders>
      </main>
      <TabBar />
    </>
  );
}

/** The newest ones; who looks for an older order asks the store. */
const ordersMax = 200;

function OrderList() {
  const words = useOrderWords();
  const query = useRead('GET /v1/orders', { query: { limit: ordersMax } });
  return (
    <LoadedOver query={query} heights={[118, 118, 118]}>
      {({ items }) =>
        items.length === 0 ? (
          <Empty icon="ticket" title={words.noOrders}>
            <p>{words.noOrdersHint}</p>
            <Link href="/" className="button is-primary is-large">
              {words.toDeals}
            </Link>
          </Empty>
        ) : (
          <ul className="stack">
            {items.map((order) => (
              <li key={order.id}>
                <OrderCard order={order} />
              </li>
            ))}
          </ul>
        )
      }
    </LoadedOver>
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
