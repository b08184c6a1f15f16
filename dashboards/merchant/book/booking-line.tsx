import type { Booking } from '@gatecast/cloud-api/client';
import { useFormats } from '../../kit/i18n/language-context.tsx';
import { spansSeveral } from '../plan/line-item-sums.ts';
import { useBookWords } from './book-words.ts';

/** When, where and how much of it. */
export function BookingLine({ booking, zone }: { readonly booking: Booking; readonly zone: string }) {
  const words = useBookWords();
  const formats = useFormats();
  const { at, toAt, communityName, communityIds, product, touches } = booking;
  return (
    <p className="digits booking-line">
      <strong>
        {formats.date(at, zone)}{' '}
        {spansSeveral(booking) ? `– ${formats.date(toAt - 1, zone)}` : formats.halfHour(at, zone)}
      </strong>{' '}
      {words.where(communityName, communityIds.length)} · {words.amount[product](formats.number(touches))}
    </p>
  );
}
