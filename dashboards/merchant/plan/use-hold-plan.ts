import type { Booking } from '@gatecast/cloud-api/client';
import { useMemo, useState } from 'react';
import { useApi, useWrite } from '../../kit/api/api-context.tsx';
import { createKeptAttempt, isDecided } from '../../kit/api/kept-attempt.ts';
import { returnUrlOf } from '../../kit/api/payment-return.ts';
import type { Wanted } from './use-quote.ts';

interface Terms {
  readonly campaignId: string;
  readonly priceFenMax: number;
}
interface HoldPlan {
  readonly hold: (terms: Terms) => void;
  readonly busy: boolean;
  /** Why what is wanted now was refused; another choice is not spoken of. */
  readonly error: unknown;
}

/** Holds a line item until it is paid, at no more than the price that was shown. Pressing twice makes one booking. */
export function useHoldPlan(
  wanted: Wanted | null,
  onHeld: (booking: Booking) => void,
  onRefused: () => void,
): HoldPlan {
  const { clock } = useApi();
  const attempt = useMemo(() => createKeptAttempt('plan', clock.now), [clock]);
  const write = useWrite('POST /v1/bookings', ['GET /v1/bookings', 'GET /v1/slots']);
  const now = JSON.stringify(wanted);
  const [asked, setAsked] = useState('');

  function hold(terms: Terms): void {
    if (write.isPending || !wanted) return;
    setAsked(now);
    const held = { ...wanted, ...terms };
    const idempotencyKey = attempt.keyFor(JSON.stringify(held));
    const returnUrl = returnUrlOf('/merchant/book');
    write.mutate(
      { body: { ...held, returnUrl }, idempotencyKey },
      {
        onSuccess(booking) {
          attempt.settle();
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
  return { hold, busy: write.isPending, error: asked === now ? write.error : null };
}
