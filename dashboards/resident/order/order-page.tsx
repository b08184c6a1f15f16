import type { Order } from '@gatecast/cloud-api/client';
import { useState } from 'react';
import { useRead } from '../../kit/api/api-context.tsx';
import { homeZone } from '../../kit/format.ts';
import { useFormats } from '../../kit/i18n/language-context.tsx';
import { LoadedOver } from '../../kit/ui/skeleton.tsx';
import { StoreCard } from '../deals/store-card.tsx';
import { useOrderWords } from './order-words.ts';
import { TopBar } from '../top-bar.tsx';
import { OrderStanding } from './order-standing.tsx';
import { isFinal } from './order-steps.ts';
import { SignedInOrders } from './signed-in-orders.tsx';
import { Steps } from './steps.tsx';
import './order.css';

/** Live events come first; this catches what they miss while a phone sleeps. */
const refreshMs = 5_000;
/** While the way to pay is still to come: asking is what brings it. */
const payUrlMs = 1_500;

export function OrderPage({ id }: { readonly id: string }) {
  const words = useOrderWords();
  return (
    <>
      <TopBar title={words.order} back="/orders" />
      <main className="page order-page">
        <SignedInOrders>
          <OrderDetails id={id} />
        </SignedInOrders>
      </main>
    </>
  );
}

function OrderDetails({ id }: { readonly id: string }) {
  const [final, setFinal] = useState(false);
  const [cannotPay, setCannotPay] = useState(false);
  const refetchInterval = final ? false : cannotPay ? payUrlMs : refreshMs;
  const query = useRead('GET /v1/orders/:id', { params: { id } }, { refetchInterval });
  const ended = query.data !== undefined && isFinal(query.data.status);
  if (ended !== final) setFinal(ended);
  const waits = query.data?.status === 'awaiting-payment' && query.data.payUrl === null;
  if (waits !== cannotPay) setCannotPay(waits);
  return (
    <LoadedOver query={query} heights={[64, 260, 150, 120]}>
      {(order) => (
        <>
          <Steps status={order.status} />
          <OrderStanding order={order} onOver={() => void query.refetch()} />
          <StoreCard name={order.storeName} address={order.storeAddress} />
          <Bill order={order} />
        </>
      )}
    </LoadedOver>
  );
}

function Bill({ order }: { readonly order: Order }) {
  const words = useOrderWords();
  const formats = useFormats();
  return (
    <section className="card bill">
      <h2>{order.dealTitle}</h2>
      <p className="row spread">
        <span className="digits">{words.times(order.quantity)}</span>
        <span>
          {words.total} <strong className="digits">{formats.money(order.totalFen)}</strong>
        </span>
      </p>
      <p className="bill-small">{words.orderedAt(formats.dateTime(order.createdAt, homeZone))}</p>
      <p className="bill-small">
        {words.orderNumber} <span className="digits">{order.id}</span>
      </p>
    </section>
  );
}
