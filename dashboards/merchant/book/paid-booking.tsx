import type { Booking } from '@gatecast/cloud-api/client';
import { useEffect, useState } from 'react';
import { Link, useSearch } from 'wouter';
import { useRead } from '../../kit/api/api-context.tsx';
import { paidOf } from '../../kit/api/payment-return.ts';
import { useFormats } from '../../kit/i18n/language-context.tsx';
import { Icon } from '../../kit/ui/icon.tsx';
import { LoadedOver } from '../../kit/ui/skeleton.tsx';
import { useNow } from '../../kit/use-now.ts';
import { useCommunityZone } from '../use-community-zone.ts';
import { useBookWords } from './book-words.ts';
import { BookingLine } from './booking-line.tsx';
import { RanOutNotice } from './ran-out-notice.tsx';
import { hasRunOut } from './ran-out.ts';

const askMs = 2_000;
/** A bank has told of most payments before the person is back; after so long it looks like none. */
const confirmMs = 6_000;

/** Back from the payment page: what became of the booking, live. The page is no proof of a payment, the cloud's answer is. */
export function PaidBooking() {
  const id = paidOf(useSearch());
  return id === null ? null : <Outcome key={id} id={id} />;
}

function Outcome({ id }: { readonly id: string }) {
  const [settled, setSettled] = useState(false);
  const query = useRead('GET /v1/bookings/:id', { params: { id } }, { refetchInterval: settled ? false : askMs });
  const decided = query.data !== undefined && query.data.status !== 'held';
  if (decided !== settled) setSettled(decided);
  return (
    <LoadedOver query={query} heights={[140]}>
      {(booking) => <OutcomeCard booking={booking} />}
    </LoadedOver>
  );
}

export function OutcomeCard({ booking }: { readonly booking: Booking }) {
  const words = useBookWords();
  const now = useNow();
  const zone = useCommunityZone()(booking.communityId);
  if (booking.status === 'paid' || booking.status === 'ended') return <PaidCard booking={booking} zone={zone} />;
  if (hasRunOut(booking, now)) return <RanOutNotice booking={booking} zone={zone} />;
  if (booking.status === 'cancelled' || booking.status === 'refunded') {
    const said = { cancelled: words.bookingCancelled, refunded: words.bookingRefunded };
    return (
      <section className="notice is-warn" aria-live="polite">
        <Icon name="clock" /> <strong>{said[booking.status]}</strong>
      </section>
    );
  }
  return <Confirming booking={booking} zone={zone} />;
}

interface ConfirmingProps {
  readonly booking: Booking;
  readonly zone: string;
}

/** Whoever gave up on the payment page, or was refused there, comes back the same way: the hold below can still be paid. */
function Confirming({ booking, zone }: ConfirmingProps) {
  const words = useBookWords();
  const formats = useFormats();
  const [isUnpaid, setUnpaid] = useState(false);
  useEffect(() => {
    const timer = setTimeout(() => setUnpaid(true), confirmMs);
    return () => clearTimeout(timer);
  }, []);
  const until = booking.holdUntil === null ? '' : formats.time(booking.holdUntil, zone);
  return (
    <section className={isUnpaid ? 'notice is-warn outcome' : 'notice outcome'} aria-live="polite">
      {isUnpaid ? <Icon name="alert" /> : <span className="spinner" />}
      <div>
        <strong>{isUnpaid ? words.notPaidYet : words.confirming}</strong>
        <p>{isUnpaid ? words.notPaidYetHint(until) : words.confirmingHint}</p>
      </div>
    </section>
  );
}

function PaidCard({ booking, zone }: { readonly booking: Booking; readonly zone: string }) {
  const words = useBookWords();
  return (
    <section className="card outcome is-paid" aria-live="polite">
      <span className="outcome-picture">
        <Icon name="check" size={32} />
      </span>
      <div>
        <h2>{words.bookingPaid}</h2>
        <BookingLine booking={booking} zone={zone} />
        <p className="soft">{words.bookingPaidHint}</p>
      </div>
      <Link href={`/results/${booking.campaignId}`} className="button">
        <Icon name="chart" /> {words.seeResults}
      </Link>
    </section>
  );
}
