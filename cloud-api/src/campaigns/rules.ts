import { halfHourMs, type Fen, type InstantMs, fen, days, after } from '@gatecast/firmware-protocol';
import type { Booking } from './contract.ts';

export type BookingStatus = Booking['status'];

/** Where a booking may go from each state. Late money never revives one. */
export const bookingTransitions: Readonly<Record<BookingStatus, readonly BookingStatus[]>> = {
  held: ['paid', 'expired', 'cancelled'],
  paid: ['refunded'],
  expired: [],
  cancelled: [],
  refunded: [],
};

/** The states from which `to` can be reached, for `UPDATE … WHERE status IN (…)`. */
export function bookingStatesBefore(to: BookingStatus): BookingStatus[] {
  return (Object.keys(bookingTransitions) as BookingStatus[]).filter((from) => bookingTransitions[from].includes(to));
}

/** One price for every verified touch. */
export const touchPriceFen = fen(20);

/** What was agreed; frozen on the booking. */
export const bookingPrice = (touches: number): Fen => fen(touches * touchPriceFen);

/** How far ahead slots are sold. */
const bookableAheadMs = days(60);

export interface SlotState {
  readonly at: InstantMs;
  readonly forecastTouches: number;
  /** Held or sold already. */
  readonly usedTouches: number;
}

/**
 * Touches of a half-hour that can still be sold. Of one that is running only the part that is still to come is for sale,
 * as what has passed the door cannot be delivered any more.
 */
export function freeTouches({ at, forecastTouches, usedTouches }: SlotState, now: InstantMs): number {
  const leftMs = Math.min(halfHourMs, Math.max(0, at + halfHourMs - now));
  const toCome = Math.floor((forecastTouches * leftMs) / halfHourMs);
  return Math.max(0, Math.min(toCome, forecastTouches - usedTouches));
}

export type Unbookable = 'past' | 'too-far' | 'sold-out';

/** Why nothing of a slot can be booked; null if something can. */
export function unbookable(slot: SlotState, now: InstantMs): Unbookable | null {
  if (slot.at + halfHourMs <= now) return 'past';
  if (slot.at > after(now, bookableAheadMs)) return 'too-far';
  return freeTouches(slot, now) === 0 ? 'sold-out' : null;
}

/** Half-hours that were counted on at least so many days replace the profile's guess. */
const countedDaysMin = 3;
/** A count below ten is withheld (k-anonymity); this stands for it. */
const withheldTouches = 5;

/** Touches that one entrance reported for one half-hour; null where they were too few to tell. */
export interface CountedHalfHour {
  readonly at: InstantMs;
  readonly touches: number | null;
}

/**
 * Touches to expect in a half-hour: the mean of the same half-hour on the days that were counted, or, before there are enough of them,
 * what the community's profile suggests.
 */
export function forecastTouches(profileMilliTouches: number, counted: readonly CountedHalfHour[]): number {
  const byDay = new Map<InstantMs, number>();
  for (const { at, touches } of counted) byDay.set(at, (byDay.get(at) ?? 0) + (touches ?? withheldTouches));
  if (byDay.size < countedDaysMin) return Math.floor(profileMilliTouches / 1_000);
  const total = [...byDay.values()].reduce((a, b) => a + b, 0);
  return Math.floor(total / byDay.size);
}
