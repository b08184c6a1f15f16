import type { Booking } from '@gatecast/cloud-api/client';
import { useMemo } from 'react';
import { useApi, useWrite } from '../../kit/api/api-context.tsx';
import { createKeptAttempt, isDecided } from '../../kit/api/kept-attempt.ts';
import { returnUrlOf } from '../../kit/api/payment-return.ts';

interface Wanted {
  readonly campaignId: string;
  readonly communityId: string;
  readonly at: number;
  readonly touches: number;
}
interface HoldSlot {
  readonly hold: (wanted: Wanted) => void;
  readonly busy: boolean;
  readonly error: unknown;
}

/** Holds touches until they are paid. Pressing twice, or again after a lost answer, makes one booking. */
export function useHoldSlot(onHeld: (booking: Booking) => void): HoldSlot {
  const { clock } = useApi();
  const attempt = useMemo(() => createKeptAttempt('booking', clock.now), [clock]);
  const write = useWrite('POST /v1/bookings', ['GET /v1/bookings', 'GET /v1/slots', 'GET /v1/campaigns']);

  function hold(wanted: Wanted): void {
    if (write.isPending) return;
    const idempotencyKey = attempt.keyFor(JSON.stringify(wanted));
    const returnUrl = returnUrlOf('/merchant/book');
    write.mutate(
      { body: { ...wanted, returnUrl }, idempotencyKey },
      {
        onSuccess(booking) {
          attempt.settle();
          onHeld(booking);
        },
        onError: (error) => isDecided(error) && attempt.settle(),
      },
    );
  }

  return { hold, busy: write.isPending, error: write.error };
}
