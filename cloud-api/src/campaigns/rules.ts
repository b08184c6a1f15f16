import { halfHourMs, type Fen, type InstantMs, fen, days, after } from '@gatecast/firmware-protocol';
import type { Booking } from './contract.ts';

export type BookingStatus = Booking['status'];

/** Where a booking may go from each state. Late money never revives one. */
export const bookingTransitions: Readonly<Record<BookingStatus, readonly BookingStatus[]>> = {
  held: ['paid', 'expired', 'cancelled'],
  paid: ['ended', 'refunded'],
  ended: [],
  expired: [],
  cancelled: [],
  refunded: [],
};

/** The states from which `to` can be reached, for `UPDATE … WHERE status IN (…)`. */
export function bookingStatesBefore(to: BookingStatus): BookingStatus[] {
  return (Object.keys(bookingTransitions) as BookingStatus[]).filter((from) => bookingTransitions[from].includes(to));
}

/** What was agreed; frozen on the booking. */
export const bookingPrice = (touches: number, touchPriceFen: number): Fen => fen(touches * touchPriceFen);

/** How far ahead slots are sold. */
const bookableAheadMs = days(60);

export interface SlotState {
  readonly at: InstantMs;
  /** That nobody else needs; of a half-hour that is running only what is still to come is counted. */
  readonly freeTouches: number;
}

export type Unbookable = 'past' | 'too-far' | 'sold-out';

/** Why nothing of a slot can be booked; null if something can. */
export function unbookable(slot: SlotState, now: InstantMs): Unbookable | null {
  if (slot.at + halfHourMs <= now) return 'past';
  if (slot.at > after(now, bookableAheadMs)) return 'too-far';
  return slot.freeTouches === 0 ? 'sold-out' : null;
}
