import type { Tx } from '../platform/db/store.ts';
import type { Platform } from '../platform/platform.ts';
import type { BookingRow } from './store.ts';

type Told = Pick<BookingRow, 'id' | 'campaignId' | 'communityId' | 'merchantId' | 'at' | 'touches' | 'status'>;

/** Tells live pages how a line item stands. */
export async function emitBooking({ events }: Platform, q: Tx, booking: Told): Promise<void> {
  const { campaignId, communityId, at, touches, status, merchantId } = booking;
  const facts = { campaignId, communityId, at, touches, status };
  await events.emit(q, { type: 'booking', subject: booking.id, facts, merchantId });
}
