import type { Order, OrderStatus } from '@gatecast/cloud-api/client';
import { useReadPages } from '../../kit/api/api-context.tsx';
import { homeZone } from '../../kit/format.ts';
import { useFormats, useWords } from '../../kit/i18n/language-context.tsx';
import { LoadedPages } from '../../kit/ui/loaded-pages.tsx';
import { Empty } from '../../kit/ui/states.tsx';
import { useNow } from '../../kit/use-now.ts';
import { useStoreOrdersWords } from './store-orders-words.ts';
import './store-orders.css';

const lookMs = 60_000;
const tones: Partial<Record<OrderStatus, string>> = {
  'awaiting-payment': 'is-warn',
  paid: 'is-brand',
  ready: 'is-good',
};

/** What was ordered at the own store, newest first; buyers as `王**`. */
export function StoreOrders() {
  const words = useStoreOrdersWords();
  const { kit } = useWords();
  const pages = useReadPages('GET /v1/orders', { query: {} });
  return (
    <>
      <h1 className="page-title">{words.title}</h1>
      <LoadedPages
        pages={pages}
        empty={
          <Empty icon="bag" title={words.none}>
            <p>{words.noneHint}</p>
          </Empty>
        }
      >
        {(orders) => (
          <ul className="card store-orders">
            {orders.map((order) => (
              <OrderRow key={order.id} order={order} />
            ))}
          </ul>
        )}
      </LoadedPages>
      {pages.query.hasNextPage && (
        <button
          type="button"
          className="button is-wide"
          disabled={pages.query.isFetchingNextPage}
          onClick={() => void pages.query.fetchNextPage()}
        >
          {kit.loadMore}
        </button>
      )}
    </>
  );
}

function OrderRow({ order }: { readonly order: Order }) {
  const words = useStoreOrdersWords();
  const formats = useFormats();
  const now = useNow(lookMs);
  const { dealTitle, storeName, quantity, buyer, status, createdAt } = order;
  return (
    <li>
      <span className="store-order-what">
        <b>{dealTitle}</b>
        <span className="soft">
          {buyer} · {words.count(quantity)} · {storeName}
        </span>
      </span>
      <time className="soft digits">{formats.timeOrDate(createdAt, now, homeZone)}</time>
      <span className={`badge ${tones[status] ?? ''}`}>{words.status[status]}</span>
    </li>
  );
}
