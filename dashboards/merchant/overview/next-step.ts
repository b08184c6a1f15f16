import type { Booking, Campaign, Clip, Deal } from '@gatecast/cloud-api/client';
import { ranOut, type Hold } from '../book/ran-out.ts';

type Bought = Pick<Booking, 'id' | 'status' | 'at' | 'toAt' | 'pausedAt' | 'cancelledAt'>;

/** What a merchant has, as far as it decides what is worth doing next. */
export interface Standing {
  readonly clips: readonly Pick<Clip, 'id' | 'status'>[];
  readonly deals: readonly Pick<Deal, 'status'>[];
  readonly campaigns: readonly Pick<Campaign, 'id'>[];
  readonly bookings: readonly (Hold & Bought)[];
}

export type NextStep =
  | 'pay-booking'
  | 'hold-again'
  | 'upload-clip'
  | 'fix-clip'
  | 'wait-for-review'
  | 'create-deal'
  | 'book'
  | 'book-again'
  | 'none';

/**
 * The one thing to do next: money that is about to lapse first, then the way upload → deal → booking.
 * `none` while something booked is running or still to come.
 */
export function nextStep({ clips, deals, bookings }: Standing, now: number): NextStep {
  if (bookings.some((booking) => booking.status === 'held' && (booking.holdUntil ?? 0) > now)) return 'pay-booking';
  if (ranOut(bookings, now).length > 0) return 'hold-again';
  const clip = clipStep(clips);
  if (clip === 'upload-clip' || clip === 'fix-clip') return clip;
  // A deal can be made while the clip is with the reviewer.
  if (!deals.some((deal) => deal.status !== 'closed')) return 'create-deal';
  if (clip === 'wait-for-review') return clip;
  const paid = bookings.filter((booking) => booking.status === 'paid');
  if (paid.length === 0) return 'book';
  return paid.some((booking) => booking.toAt > now) ? 'none' : 'book-again';
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

/** The order in which campaigns are worth looking at: what runs now, what is to come (soonest first), then the others as they stand, newest first. */
export function campaignOrder<C extends { readonly id: string }>(
  campaigns: readonly C[],
  bookings: readonly (Omit<Bought, 'id'> & { readonly campaignId: string })[],
  now: number,
): readonly C[] {
  const { now: running, next } = onAir(bookings, now);
  const firsts = [...new Set([...running, ...next].map(({ campaignId }) => campaignId))];
  const rank = (id: string): number => {
    const place = firsts.indexOf(id);
    return place === -1 ? firsts.length : place;
  };
  return campaigns.toSorted((a, b) => rank(a.id) - rank(b.id));
}

/** What is paid and runs now, and what is still to come, soonest first; neither what pauses nor what was cancelled. */
export function onAir<B extends Omit<Bought, 'id'>>(
  bookings: readonly B[],
  now: number,
): { readonly now: readonly B[]; readonly next: readonly B[] } {
  const paid = bookings
    .filter(({ status, pausedAt, cancelledAt }) => status === 'paid' && pausedAt === null && cancelledAt === null)
    .toSorted((a, b) => a.at - b.at);
  return {
    now: paid.filter((booking) => booking.at <= now && now < booking.toAt),
    next: paid.filter((booking) => booking.at > now),
  };
}
