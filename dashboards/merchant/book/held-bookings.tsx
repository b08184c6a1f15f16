import type { Booking } from '@gatecast/cloud-api/client';
import { useReadPages } from '../../kit/api/api-context.tsx';
import { useFormats } from '../../kit/i18n/language-context.tsx';
import { Countdown } from '../../kit/ui/countdown.tsx';
import { Icon } from '../../kit/ui/icon.tsx';
import { useNow } from '../../kit/use-now.ts';
import { spansSeveral } from '../plan/line-item-sums.ts';
import { useBookWords } from './book-words.ts';
import { useCommunityZone } from '../use-community-zone.ts';

const lookMs = 5_000;

/** What is held and not paid yet, with the time that is left. */
export function HeldBookings() {
  const now = useNow(lookMs);
  const zoneOf = useCommunityZone();
  const { items, query } = useReadPages('GET /v1/bookings', { query: { limit: 200 } });
  const held = items.filter(({ status, holdUntil }) => status === 'held' && (holdUntil ?? 0) > now);
  return (
    <>
      {held.map((booking) => (
        <section key={booking.id} className="card">
          <HeldCard booking={booking} zone={zoneOf(booking.communityId)} onOver={() => void query.refetch()} titled />
        </section>
      ))}
    </>
  );
}

interface HeldCardProps {
  readonly booking: Booking;
  readonly zone: string;
  readonly onOver?: () => void;
  /** Says which half-hour it is; the booking sheet has said so already. */
  readonly titled?: boolean;
}

/** One held booking: the countdown and the way to the payment page. */
export function HeldCard({ booking, zone, onOver, titled = false }: HeldCardProps) {
  const words = useBookWords();
  const formats = useFormats();
  const now = useNow();
  const over = booking.holdUntil !== null && now >= booking.holdUntil;
  if (over) {
    return (
      <output className="notice is-warn">
        <Icon name="clock" /> <span>{`${words.bookingOver}${words.bookingOverHint}`}</span>
      </output>
    );
  }
  return (
    <div className="stack held">
      <div className="row spread">
        <h2 className="section-title">{titled ? words.heldTitle : words.held}</h2>
        {booking.holdUntil !== null && (
          <span className="held-clock">
            <Icon name="clock" size={22} /> <Countdown to={booking.holdUntil} {...(onOver ? { onOver } : {})} />
          </span>
        )}
      </div>
      {titled && (
        <p className="digits">
          <strong>
            {formats.date(booking.at, zone)}{' '}
            {spansSeveral(booking) ? `– ${formats.date(booking.toAt - 1, zone)}` : formats.halfHour(booking.at, zone)}
          </strong>{' '}
          {booking.communityName}
          {booking.communityIds.length > 1 ? ` +${booking.communityIds.length - 1}` : ''} ·{' '}
          {words.touchesBooked(formats.number(booking.touches))}
        </p>
      )}
      <p className="soft">{words.heldHint}</p>
      {booking.payUrl && (
        <a href={booking.payUrl} className="button is-primary is-large is-wide">
          {words.payNow(formats.money(booking.priceFen))}
        </a>
      )}
    </div>
  );
}
