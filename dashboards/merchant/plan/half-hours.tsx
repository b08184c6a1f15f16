import type { Booking } from '@gatecast/cloud-api/client';
import { useState } from 'react';
import { useFormats } from '../../kit/i18n/language-context.tsx';
import { BookingLine } from '../book/booking-line.tsx';
import { useCommunityZone } from '../use-community-zone.ts';
import { CancelButton } from './line-item-actions.tsx';
import { cancelledLine } from './line-item-sums.ts';
import { useLineItemWords } from './line-item-words.ts';

const firstShown = 6;

/** Half-hours of one community that were bought one by one, and can be given back until they end. */
export function HalfHours({ bookings }: { readonly bookings: readonly Booking[] }) {
  const words = useLineItemWords();
  const [isAll, setAll] = useState(false);
  const shown = isAll ? bookings : bookings.slice(0, firstShown);
  const more = bookings.length - shown.length;
  return (
    <article className="card stack-tight">
      <h3>{words.halfHours}</h3>
      <ul className="half-hours">
        {shown.map((booking) => (
          <HalfHour key={booking.id} booking={booking} />
        ))}
      </ul>
      {more > 0 && (
        <button type="button" className="button" onClick={() => setAll(true)}>
          {words.more(more)}
        </button>
      )}
    </article>
  );
}

function HalfHour({ booking }: { readonly booking: Booking }) {
  const words = useLineItemWords();
  const formats = useFormats();
  const zone = useCommunityZone()(booking.communityId);
  const cancelled = cancelledLine(booking);
  return (
    <li className="row spread">
      <div>
        <BookingLine booking={booking} zone={zone} />
        <p className="soft">
          {cancelled
            ? words.cancelled[cancelled.state](formats.money(cancelled.fen))
            : `${booking.campaignName} · ${formats.money(booking.priceFen)}`}
        </p>
      </div>
      {!cancelled && <CancelButton booking={booking} />}
    </li>
  );
}
