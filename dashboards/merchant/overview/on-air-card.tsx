import type { Booking } from '@gatecast/cloud-api/client';
import { useFormats } from '../../kit/i18n/language-context.tsx';
import { spansSeveral } from '../plan/line-item-sums.ts';
import { useCommunityZone } from '../use-community-zone.ts';
import { onAir } from './next-step.ts';
import { useOverviewWords } from './overview-words.ts';

const nextShown = 3;

interface OnAirCardProps {
  readonly bookings: readonly Booking[];
  readonly now: number;
}

/** What runs in this half-hour, and what comes next. */
export function OnAirCard({ bookings, now }: OnAirCardProps) {
  const words = useOverviewWords();
  const { now: running, next } = onAir(bookings, now);
  return (
    <section className="card on-air">
      <h2 className="section-title">
        <span className={running.length > 0 ? 'live-dot is-live on-air-dot' : 'live-dot off-air-dot'} /> {words.onAir}
      </h2>
      {running.length === 0 && <p className="soft">{words.nothingOnAir}</p>}
      <BookingLines bookings={running} running />
      {next.length > 0 && <h3>{words.comingUp}</h3>}
      <BookingLines bookings={next.slice(0, nextShown)} />
      {next.length > nextShown && <p className="soft">{words.andMore(next.length - nextShown)}</p>}
    </section>
  );
}

function BookingLines({
  bookings,
  running = false,
}: {
  readonly bookings: readonly Booking[];
  readonly running?: boolean;
}) {
  const words = useOverviewWords();
  const formats = useFormats();
  const zoneOf = useCommunityZone();
  const spanOf = (booking: Booking, zone: string): string => {
    const { at, toAt } = booking;
    if (spansSeveral(booking)) return `${formats.date(at, zone)} – ${formats.date(toAt - 1, zone)}`;
    return running ? formats.halfHour(at, zone) : `${formats.date(at, zone)} ${formats.halfHour(at, zone)}`;
  };
  return (
    <ul className="booking-lines">
      {bookings.map((booking) => {
        const zone = zoneOf(booking.communityId);
        return (
          <li key={booking.id}>
            <span className="digits booking-time">{spanOf(booking, zone)}</span>
            <span>
              {booking.communityName}
              {booking.communityIds.length > 1 ? ` +${booking.communityIds.length - 1}` : ''}
            </span>
            <span className="digits soft">{words.booked[booking.product](formats.number(booking.touches))}</span>
          </li>
        );
      })}
    </ul>
  );
}
