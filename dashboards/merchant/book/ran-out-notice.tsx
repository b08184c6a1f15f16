import type { Booking } from '@gatecast/cloud-api/client';
import { Link } from 'wouter';
import { useFormats } from '../../kit/i18n/language-context.tsx';
import { Icon } from '../../kit/ui/icon.tsx';
import { useNow } from '../../kit/use-now.ts';
import { useBookWords } from './book-words.ts';
import { BookingLine } from './booking-line.tsx';

const lookMs = 30_000;

interface RanOutNoticeProps {
  readonly booking: Booking;
  readonly zone: string;
  /** Where the choice still stands on the page; otherwise the way leads to the calendar with the same choice. */
  readonly onAgain?: () => void;
}

/** A hold that ran out: what became of the money, and the same choice quoted again. */
export function RanOutNotice({ booking, zone, onAgain }: RanOutNoticeProps) {
  const words = useBookWords();
  const formats = useFormats();
  const now = useNow(lookMs);
  const { lateFen, holdUntil } = booking;
  return (
    <section className="notice is-warn ran-out" aria-live="polite">
      <Icon name="clock" />
      <div className="stack-tight">
        <strong>{words.ranOut(holdUntil === null ? '' : formats.timeOrDate(holdUntil, now, zone))}</strong>
        <BookingLine booking={booking} zone={zone} />
        <p>{lateFen > 0 ? words.ranOutLate(formats.money(lateFen)) : words.ranOutHint}</p>
        {onAgain ? (
          <button type="button" className="button is-wide" onClick={onAgain}>
            {words.again}
          </button>
        ) : (
          <Link href={`/book?plan&campaign=${booking.campaignId}&again=${booking.id}`} className="button is-wide">
            {words.again}
          </Link>
        )}
      </div>
    </section>
  );
}
