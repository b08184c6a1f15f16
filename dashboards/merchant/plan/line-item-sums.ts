import type { Booking } from '@gatecast/cloud-api/client';

const halfHourMs = 1_800_000;

/** True of what lies in more than one half-hour of one community, which has a plan of its own. */
export const spansSeveral = ({ at, toAt, communityIds }: Pick<Booking, 'at' | 'toAt' | 'communityIds'>): boolean =>
  communityIds.length > 1 || toAt - at > halfHourMs;

/** What would go back as it stands: the price of what was not delivered, less what went back before. The cloud counts again once all screens have told. */
export function refundOutlookFen({
  priceFen,
  touches,
  deliveredMilli,
  refundedFen,
}: Pick<Booking, 'priceFen' | 'touches' | 'deliveredMilli' | 'refundedFen'>): number {
  const delivered = Math.min(touches, Math.floor(deliveredMilli / 1_000));
  return Math.max(0, priceFen - Math.floor((priceFen * delivered) / touches) - refundedFen);
}

interface CancelledLine {
  readonly state: 'ending' | 'going-back' | 'gone-back';
  /** What has gone back, or will as it stands. */
  readonly fen: number;
}

/** What becomes of the money of what was cancelled; null while it runs. */
export function cancelledLine(
  booking: Pick<Booking, 'at' | 'cancelledAt' | 'priceFen' | 'touches' | 'deliveredMilli' | 'refundedFen' | 'status'>,
): CancelledLine | null {
  const { at, cancelledAt, priceFen, refundedFen, status } = booking;
  if (status === 'refunded') return { state: 'gone-back', fen: priceFen };
  if (cancelledAt === null) return null;
  if (refundedFen > 0) return { state: 'gone-back', fen: refundedFen };
  return { state: cancelledAt < at ? 'going-back' : 'ending', fen: refundOutlookFen(booking) };
}

const toldMs = 7 * 24 * 3_600_000;

/** What runs or is to come, line items that ended, and for a week what went back; single half-hours only until they are over. */
export function isListed(
  booking: Pick<Booking, 'status' | 'cancelledAt' | 'createdAt' | 'at' | 'toAt' | 'communityIds'>,
  now: number,
): boolean {
  const { status, cancelledAt, createdAt, toAt } = booking;
  if (!spansSeveral(booking) && toAt <= now) return false;
  return (
    status === 'paid' || status === 'ended' || (status === 'refunded' && now - (cancelledAt ?? createdAt) < toldMs)
  );
}
