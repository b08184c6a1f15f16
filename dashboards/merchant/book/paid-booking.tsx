import type { Booking } from '@gatecast/cloud-api/client';
import { useState } from 'react';
import { Link, useSearch } from 'wouter';
import { useRead } from '../../kit/api/api-context.tsx';
import { attemptOf } from '../../kit/api/payment-return.ts';
import { useFormats } from '../../kit/i18n/language-context.tsx';
import { Icon } from '../../kit/ui/icon.tsx';
import { LoadedOver } from '../../kit/ui/skeleton.tsx';
import { spansSeveral } from '../plan/line-item-sums.ts';
import { useBookWords } from './book-words.ts';
import { useCommunityZone } from '../use-community-zone.ts';

const askMs = 2_000;

/** Back from the payment page: what became of the booking, live. The page is no proof of a payment, the cloud's answer is. */
export function PaidBooking() {
  const id = attemptOf(useSearch());
  return id === null ? null : <Outcome id={id} />;
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

function OutcomeCard({ booking }: { readonly booking: Booking }) {
  const words = useBookWords();
  if (booking.status === 'paid' || booking.status === 'ended') return <PaidCard booking={booking} />;
  if (booking.status === 'held') {
    return (
      <section className="notice outcome" aria-live="polite">
        <span className="spinner" />
        <div>
          <strong>{words.confirming}</strong>
          <p>{words.confirmingHint}</p>
        </div>
      </section>
    );
  }
  const said = { expired: words.bookingOver, cancelled: words.bookingCancelled, refunded: words.bookingRefunded };
  return (
    <section className="notice is-warn" aria-live="polite">
      <Icon name="clock" /> <strong>{said[booking.status]}</strong>
    </section>
  );
}

function PaidCard({ booking }: { readonly booking: Booking }) {
  const words = useBookWords();
  const formats = useFormats();
  const zone = useCommunityZone()(booking.communityId);
  return (
    <section className="card outcome is-paid" aria-live="polite">
      <span className="outcome-picture">
        <Icon name="check" size={32} />
      </span>
      <div>
        <h2>{words.bookingPaid}</h2>
        <p className="digits">
          {booking.communityName}
          {booking.communityIds.length > 1 ? ` +${booking.communityIds.length - 1}` : ''} ·{' '}
          {formats.date(booking.at, zone)}{' '}
          {spansSeveral(booking) ? `– ${formats.date(booking.toAt - 1, zone)}` : formats.halfHour(booking.at, zone)} ·{' '}
          {words.touchesBooked(formats.number(booking.touches))}
        </p>
        <p className="soft">{words.bookingPaidHint}</p>
      </div>
      <Link href={`/results/${booking.campaignId}`} className="button">
        <Icon name="chart" /> {words.seeResults}
      </Link>
    </section>
  );
}
