import { ApiError, type Order } from '@gatecast/cloud-api/client';
import { useMemo, useState } from 'react';
import { useLocation } from 'wouter';
import { useApi, useWrite } from '../../kit/api/api-context.tsx';
import { createKeptAttempt, isDecided } from '../../kit/api/kept-attempt.ts';
import { returnUrlOf } from '../../kit/api/payment-return.ts';
import { useReturnFromHistory } from '../../kit/use-return-from-history.ts';
import { visitFor } from '../visit.ts';

interface PlaceOrder {
  readonly placeOrder: (quantity: number) => void;
  /** True until there is an answer, and while the browser leaves for the payment page. */
  readonly busy: boolean;
  readonly error: unknown;
}

/** Places an order and goes on to pay for it. Pressing twice, or again after a lost answer, makes one order. */
export function usePlaceOrder(dealId: string, onSignedOut: () => void): PlaceOrder {
  const { clock } = useApi();
  const [, navigate] = useLocation();
  const [leaving, setLeaving] = useState(false);
  const attempt = useMemo(() => createKeptAttempt(`order.${dealId}`, clock.now), [dealId, clock]);
  const write = useWrite('POST /v1/orders', ['GET /v1/orders']);
  useReturnFromHistory(() => setLeaving(false));

  function goOn(order: Order): void {
    if (!order.payUrl) return navigate(`/orders/${order.id}`);
    setLeaving(true);
    location.assign(order.payUrl);
  }

  function placeOrder(quantity: number): void {
    if (write.isPending || leaving) return;
    const visitId = visitFor(dealId, clock.now());
    const idempotencyKey = attempt.keyFor(JSON.stringify([quantity, visitId]));
    const returnUrl = returnUrlOf('/h5/orders/paid');
    write.mutate(
      { body: { dealId, quantity, visitId, returnUrl }, idempotencyKey },
      {
        onSuccess(order) {
          attempt.settle();
          goOn(order);
        },
        onError(error) {
          if (isDecided(error)) attempt.settle();
          if (error instanceof ApiError && error.problem.status === 401) onSignedOut();
        },
      },
    );
  }

  return { placeOrder, busy: write.isPending || leaving, error: write.error };
}
