import type { Booking, Campaign, Clip, Deal } from '@gatecast/cloud-api/client';

/** What a merchant has, as far as it decides what is worth doing next. */
export interface Standing {
  readonly clips: readonly Pick<Clip, 'id' | 'status'>[];
  readonly deals: readonly Pick<Deal, 'status'>[];
  readonly campaigns: readonly Pick<Campaign, 'id'>[];
  readonly bookings: readonly Pick<Booking, 'id' | 'status' | 'at' | 'holdUntil'>[];
}

export type NextStep =
  | 'pay-booking'
  | 'upload-clip'
  | 'fix-clip'
  | 'wait-for-review'
  | 'create-deal'
  | 'book'
  | 'book-again'
  | 'none';

const halfHourMs = 30 * 60_000;

/**
 * The one thing to do next: money that is about to lapse first, then the way upload → deal → booking.
 * `none` while something booked is running or still to come.
 */
export function nextStep({ clips, deals, bookings }: Standing, now: number): NextStep {
  if (bookings.some((booking) => booking.status === 'held' && (booking.holdUntil ?? 0) > now)) return 'pay-booking';
  const clip = clipStep(clips);
  if (clip === 'upload-clip' || clip === 'fix-clip') return clip;
  // A deal can be made while the clip is with the reviewer.
  if (!deals.some((deal) => deal.status !== 'closed')) return 'create-deal';
  if (clip === 'wait-for-review') return clip;
  const paid = bookings.filter((booking) => booking.status === 'paid');
  if (paid.length === 0) return 'book';
  return paid.some((booking) => booking.at + halfHourMs > now) ? 'none' : 'book-again';
}

function clipStep(clips: Standing['clips']): NextStep {
  if (clips.some((clip) => clip.status === 'approved')) return 'none';
  if (clips.length === 0) return 'upload-clip';
  const onTheWay = clips.some(
    ({ status }) => status === 'queued' || status === 'transcoding' || status === 'in-review',
  );
  return onTheWay ? 'wait-for-review' : 'fix-clip';
}

/** The three steps of a merchant's first day, and which of them are done. */
export function firstSteps({ clips, deals, bookings }: Standing): {
  readonly clip: boolean;
  readonly deal: boolean;
  readonly booking: boolean;
} {
  return {
    clip: clips.some((clip) => clip.status === 'approved'),
    deal: deals.length > 0,
    booking: bookings.some((booking) => booking.status === 'paid'),
  };
}

/** Paid half-hours that run now, and those still to come, soonest first. */
export function onAir<B extends Pick<Booking, 'status' | 'at'>>(
  bookings: readonly B[],
  now: number,
): { readonly now: readonly B[]; readonly next: readonly B[] } {
  const paid = bookings.filter((booking) => booking.status === 'paid').toSorted((a, b) => a.at - b.at);
  return {
    now: paid.filter((booking) => booking.at <= now && now < booking.at + halfHourMs),
    next: paid.filter((booking) => booking.at > now),
  };
}
