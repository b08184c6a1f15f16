import type { Booking } from '@gatecast/cloud-api/client';
import { useState } from 'react';
import { useApi, useWrite } from '../../kit/api/api-context.tsx';
import { useFormats } from '../../kit/i18n/language-context.tsx';
import { Dialog } from '../../kit/ui/dialog.tsx';
import { ProblemNotice } from '../../kit/ui/states.tsx';
import { refundOutlookFen } from './line-item-sums.ts';
import { useLineItemWords } from './line-item-words.ts';
import { MoveLineItem } from './move-line-item.tsx';

const written = ['GET /v1/bookings', 'GET /v1/bookings/:id/progress', 'GET /v1/slots'] as const;

/** Pausing and moving what was bought, unless the operator stopped it, and cancelling it. */
export function LineItemActions({ booking }: { readonly booking: Booking }) {
  const words = useLineItemWords();
  const change = useWrite('PATCH /v1/bookings/:id', written);
  const [isMoving, setMoving] = useState(false);
  const isPaused = booking.pausedAt !== null;
  return (
    <>
      <ProblemNotice error={change.error} />
      <div className="row">
        {booking.pausedBy !== 'operator' && (
          <>
            <button
              type="button"
              className="button"
              disabled={change.isPending}
              onClick={() => change.mutate({ params: { id: booking.id }, body: { paused: !isPaused } })}
            >
              {isPaused ? words.resume : words.pause}
            </button>
            <button type="button" className="button" onClick={() => setMoving(true)}>
              {words.move}
            </button>
          </>
        )}
        <CancelButton booking={booking} />
      </div>
      <Dialog open={isMoving} title={words.moveTitle} onClose={() => setMoving(false)}>
        <MoveLineItem booking={booking} onDone={() => setMoving(false)} />
      </Dialog>
    </>
  );
}

/** Asks once more, with what would go back. */
export function CancelButton({ booking }: { readonly booking: Booking }) {
  const words = useLineItemWords();
  const [isAsking, setAsking] = useState(false);
  return (
    <>
      <button type="button" className="button is-quiet" onClick={() => setAsking(true)}>
        {words.cancel}
      </button>
      <Dialog open={isAsking} title={words.cancelSure} onClose={() => setAsking(false)}>
        <CancelQuestion booking={booking} onDone={() => setAsking(false)} />
      </Dialog>
    </>
  );
}

function CancelQuestion({ booking, onDone }: { readonly booking: Booking; readonly onDone: () => void }) {
  const words = useLineItemWords();
  const formats = useFormats();
  const { clock } = useApi();
  const cancel = useWrite('POST /v1/bookings/:id/cancel', written);
  const money = formats.money(refundOutlookFen(booking));
  return (
    <div className="stack">
      <p>{clock.now() < booking.at ? words.cancelUnbegun(money) : words.cancelRunning(money)}</p>
      <ProblemNotice error={cancel.error} />
      <button
        type="button"
        className="button is-danger is-wide"
        disabled={cancel.isPending}
        onClick={() => cancel.mutate({ params: { id: booking.id } }, { onSuccess: onDone })}
      >
        {words.cancelDo}
      </button>
      <button type="button" className="button is-wide" onClick={onDone}>
        {words.keep}
      </button>
    </div>
  );
}
