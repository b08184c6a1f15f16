import type { Booking } from '@gatecast/cloud-api/client';

/** Of a booking, what says whether its hold ran out. */
export type Hold = Pick<Booking, 'campaignId' | 'status' | 'holdUntil' | 'lateFen' | 'createdAt'>;

const toldMs = 3_600_000;
/** Who paid too late wants to know for longer where the money is. */
const lateToldMs = 24 * 3_600_000;

/** True of a hold that is over, also in the seconds before the cloud has said so. */
export const hasRunOut = ({ status, holdUntil }: Pick<Hold, 'status' | 'holdUntil'>, now: number): boolean =>
  status === 'expired' || (status === 'held' && holdUntil !== null && holdUntil <= now);

/** Holds that ran out not long ago and that nothing has followed of the same campaign; those with money that came too late in any case. */
export function ranOut<B extends Hold>(bookings: readonly B[], now: number): readonly B[] {
  return bookings.filter((booking) => {
    if (!hasRunOut(booking, now) || booking.holdUntil === null) return false;
    const isLate = booking.lateFen > 0;
    const isFollowed = bookings.some(
      ({ campaignId, createdAt }) => campaignId === booking.campaignId && createdAt > booking.createdAt,
    );
    return now - booking.holdUntil < (isLate ? lateToldMs : toldMs) && (isLate || !isFollowed);
  });
}
