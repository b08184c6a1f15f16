import type { Booking } from '@gatecast/cloud-api/client';
import { useMemo } from 'react';
import { useApi, useWrite } from '../../kit/api/api-context.tsx';
import { createKeptAttempt, isDecided } from '../../kit/api/kept-attempt.ts';
import { rememberAttempt, returnUrlOf } from '../../kit/api/payment-return.ts';
import type { Wanted } from './use-quote.ts';

type Held = Wanted & { readonly campaignId: string; readonly priceFenMax: number };
interface HoldPlan {
  readonly hold: (wanted: Held) => void;
  readonly busy: boolean;
  readonly error: unknown;
}

/** Holds a line item until it is paid, at no more than the price that was shown. Pressing twice makes one booking. */
export function useHoldPlan(onHeld: (booking: Booking) => void, onRefused: () => void): HoldPlan {
  const { clock } = useApi();
  const attempt = useMemo(() => createKeptAttempt('plan', clock.now), [clock]);
  const write = useWrite('POST /v1/bookings', ['GET /v1/bookings', 'GET /v1/slots']);

  function hold(wanted: Held): void {
    if (write.isPending) return;
    const idempotencyKey = attempt.keyFor(JSON.stringify(wanted));
    const returnUrl = returnUrlOf('/merchant/book', idempotencyKey);
    write.mutate(
      { body: { ...wanted, returnUrl }, idempotencyKey },
      {
        onSuccess(booking) {
          attempt.settle();
          rememberAttempt(idempotencyKey, booking.id);
          onHeld(booking);
        },
        onError(error) {
          if (isDecided(error)) attempt.settle();
          // Sold in between, or of another price: what is shown is asked anew.
          onRefused();
        },
      },
    );
  }
  return { hold, busy: write.isPending, error: write.error };
}
