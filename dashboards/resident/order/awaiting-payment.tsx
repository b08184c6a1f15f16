import type { Order } from '@gatecast/cloud-api/client';
import { useState } from 'react';
import { useSearch } from 'wouter';
import { useWrite } from '../../kit/api/api-context.tsx';
import { useFormats } from '../../kit/i18n/language-context.tsx';
import { Countdown } from '../../kit/ui/countdown.tsx';
import { Dialog } from '../../kit/ui/dialog.tsx';
import { Icon } from '../../kit/ui/icon.tsx';
import { ProblemNotice } from '../../kit/ui/states.tsx';
import { useOrderWords } from './order-words.ts';

interface AwaitingPaymentProps {
  readonly order: Order;
  readonly onOver: () => void;
}

/** Held but not paid: how long it is kept, the way to the payment page, and back from there what is still missing. */
export function AwaitingPayment({ order, onOver }: AwaitingPaymentProps) {
  const words = useOrderWords();
  const formats = useFormats();
  const backFromPaying = new URLSearchParams(useSearch()).has('paid');
  return (
    <section className="card standing">
      <div className="row spread">
        <h2>{words.statuses['awaiting-payment']}</h2>
        {order.payUntil !== null && (
          <span className="standing-clock">
            <Icon name="clock" size={20} /> <Countdown to={order.payUntil} onOver={onOver} />
          </span>
        )}
      </div>
      <p>{words.payBefore}</p>
      {backFromPaying && (
        <output className="notice is-warn">
          <span className="spinner" />
          <span>{words.notPaidYet}</span>
        </output>
      )}
      {order.payUrl === null ? (
        <output className="notice">
          <span className="spinner" />
          <span>{words.payPageComes}</span>
        </output>
      ) : (
        <a href={order.payUrl} className="button is-buy is-large is-wide">
          {words.payNow(formats.money(order.totalFen))}
        </a>
      )}
      <CancelOrder id={order.id} />
    </section>
  );
}

function CancelOrder({ id }: { readonly id: string }) {
  const words = useOrderWords();
  const [asking, setAsking] = useState(false);
  const cancel = useWrite('POST /v1/orders/:id/cancel', ['GET /v1/orders', 'GET /v1/orders/:id', 'GET /v1/deals/:id']);
  return (
    <>
      <button type="button" className="button is-quiet" onClick={() => setAsking(true)}>
        {words.cancelOrder}
      </button>
      <Dialog open={asking} title={words.cancelOrder} onClose={() => setAsking(false)}>
        <div className="stack">
          <p>{words.cancelSure}</p>
          <ProblemNotice error={cancel.error} />
          <button
            type="button"
            className="button is-danger is-large"
            disabled={cancel.isPending}
            onClick={() => cancel.mutate({ params: { id } }, { onSuccess: () => setAsking(false) })}
          >
            {words.cancelOrder}
          </button>
          <button type="button" className="button is-large" onClick={() => setAsking(false)}>
            {words.keepOrder}
          </button>
        </div>
      </Dialog>
    </>
  );
}
