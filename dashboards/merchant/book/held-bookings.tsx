import type { Booking } from '@gatecast/cloud-api/client';
import { useState } from 'react';
import { useSearch } from 'wouter';
import { useReadPages } from '../../kit/api/api-context.tsx';
import { paidOf } from '../../kit/api/payment-return.ts';
import { useFormats } from '../../kit/i18n/language-context.tsx';
import { Countdown } from '../../kit/ui/countdown.tsx';
import { Icon } from '../../kit/ui/icon.tsx';
import { useNow } from '../../kit/use-now.ts';
import { useCommunityZone } from '../use-community-zone.ts';
import { useBookWords } from './book-words.ts';
import { BookingLine } from './booking-line.tsx';
import { RanOutNotice } from './ran-out-notice.tsx';
import { hasRunOut, ranOut } from './ran-out.ts';

const lookMs = 5_000;
const payUrlMs = 1_500;

/** What is held and not paid yet, with the time that is left; and what ran out before somebody paid. */
export function HeldBookings() {
  const now = useNow(lookMs);
  const zoneOf = useCommunityZone();
  const search = useSearch();
  const [isAsking, setAsking] = useState(false);
  const refetchInterval = isAsking ? payUrlMs : false;
  const { items } = useReadPages('GET /v1/bookings', { query: { limit: 200 } }, { refetchInterval });
  // What is told above, or is being chosen again below, is not told here.
  const toldElsewhere = [paidOf(search), new URLSearchParams(search).get('again')];
  const over = ranOut(items, now).filter(({ id }) => !toldElsewhere.includes(id));
  const held = items.filter((booking) => booking.status === 'held' && !hasRunOut(booking, now));
  // News of a hold may be here before its address to pay at, and nothing tells of that.
  const lacksAddress = held.some(({ payUrl }) => payUrl === null);
  if (lacksAddress !== isAsking) setAsking(lacksAddress);
  return (
    <>
      <RanOut bookings={over} zoneOf={zoneOf} />
      {held.map((booking) => (
        <section key={booking.id} className="card">
          <HeldCard booking={booking} zone={zoneOf(booking.communityId)} titled />
        </section>
      ))}
    </>
  );
}

interface RanOutProps {
  readonly bookings: readonly Booking[];
  readonly zoneOf: (communityId: string) => string;
}

/** What money came for too late, and the newest of the others; more of those are folded away, or they would stand before everything that can be done. */
function RanOut({ bookings, zoneOf }: RanOutProps) {
  const words = useBookWords();
  const noticed = (each: Booking) => <RanOutNotice key={each.id} booking={each} zone={zoneOf(each.communityId)} />;
  const unpaid = bookings.filter(({ lateFen }) => lateFen === 0);
  const folded = unpaid.slice(1);
  return (
    <>
      {bookings.filter((each) => !folded.includes(each)).map(noticed)}
      {folded.length > 0 && (
        <details className="ran-out-more">
          <summary>{words.ranOutMore(folded.length)}</summary>
          <div className="stack">{folded.map(noticed)}</div>
        </details>
      )}
    </>
  );
}

interface HeldCardProps {
  readonly booking: Booking;
  readonly zone: string;
  /** Chooses the same once more where it ran out; otherwise the way leads to the calendar. */
  readonly onAgain?: () => void;
  /** Says which half-hour it is; the booking sheet has said so already. */
  readonly titled?: boolean;
}

/** One held booking: the countdown and the way to the payment page. */
export function HeldCard({ booking, zone, onAgain, titled = false }: HeldCardProps) {
  const words = useBookWords();
  const formats = useFormats();
  const now = useNow();
  if (hasRunOut(booking, now)) return <RanOutNotice booking={booking} zone={zone} {...(onAgain ? { onAgain } : {})} />;
  return (
    <div className="stack held">
      <div className="row spread">
        <h2 className="section-title">{titled ? words.heldTitle : words.held}</h2>
        {booking.holdUntil !== null && (
          <span className="held-clock">
            <Icon name="clock" size={22} /> <Countdown to={booking.holdUntil} />
          </span>
        )}
      </div>
      {titled && <BookingLine booking={booking} zone={zone} />}
      <p className="soft">{words.heldHint}</p>
      {booking.payUrl && (
        <a href={booking.payUrl} className="button is-primary is-large is-wide">
          {words.payNow(formats.money(booking.priceFen))}
        </a>
      )}
    </div>
  );
}
