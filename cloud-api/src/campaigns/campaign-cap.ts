import { halfHourMs, instant, type InstantMs } from '@gatecast/firmware-protocol';
import type { Segment } from '@gatecast/firmware-protocol/messages';
import { and, eq, gt, inArray, isNotNull, isNull, lt, ne, sql } from 'drizzle-orm';
import { localDateOf, localDay } from '../audience/local-day.ts';
import { communityReads } from '../communities/reads.ts';
import type { Reads } from '../platform/db/store.ts';
import { refusal } from '../platform/errors.ts';
import type { Product } from './line-item.ts';

/** A line item as a cap sees it. */
export interface Capped {
  readonly id: string;
  readonly campaignId: string;
  readonly communityIds: readonly string[];
  readonly segment: Segment;
  readonly product: Product;
  readonly from: InstantMs;
  readonly to: InstantMs;
  readonly dayCapTouches: number | null;
}

/**
 * Another line item of the campaign that shares a community, a day there and the segment with this one, where either has a cap; null: none. A cap is of the campaign, in each
 * community, for each segment, on each day: so whatever has one has the day to itself. Line items of several days and communities cross each other, and a cap over some of them is no tree that the
 * flow could keep exactly.
 */
export async function capOverlap(q: Reads, line: Capped): Promise<string | null> {
  // Whoever is one of ten people is shown it once, whatever else runs.
  if (line.product === 'ten-people') return null;
  const { bookings: b, bookingPlaces: p } = q.t;
  const there = await communityReads.about(q, line.communityIds);
  const { from, to } = wholeDays(line, [...new Set([...there.values()].map(({ zone }) => zone))]);
  const [found] = await q
    .select({ id: b.id })
    .from(b)
    .innerJoin(p, eq(p.bookingId, b.id))
    .where(
      and(
        eq(b.campaignId, line.campaignId),
        ne(b.id, line.id),
        eq(b.segment, line.segment),
        ne(b.product, 'ten-people'),
        inArray(b.status, ['held', 'paid']),
        isNull(b.pausedAt),
        isNull(b.cancelledAt),
        inArray(p.communityId, [...line.communityIds]),
        lt(b.at, to),
        gt(sql`coalesce(${b.toAt}, ${b.at} + ${halfHourMs})`, from),
        line.dayCapTouches === null ? isNotNull(b.dayCapTouches) : undefined,
      ),
    )
    .limit(1);
  return found?.id ?? null;
}

/** Rejects with `cap-overlaps` {bookingId}. */
export async function requireOwnDays(q: Reads, line: Capped): Promise<void> {
  const bookingId = await capOverlap(q, line);
  if (bookingId !== null)
    throw refusal(
      'cap-overlaps',
      'another line item of this campaign has these days there, and one of them has a cap',
      {
        bookingId,
      },
    );
}

/** All of the days that hold any of it, by the clocks of all of its communities. */
function wholeDays(
  { from, to }: Capped,
  zones: readonly string[],
): { readonly from: InstantMs; readonly to: InstantMs } {
  const days = zones.map((zone) => ({
    from: localDay(localDateOf(from, zone), zone).from,
    to: localDay(localDateOf(instant(to - 1), zone), zone).to,
  }));
  return {
    from: days.reduce((first, one) => (one.from < first ? one.from : first), from),
    to: days.reduce((last, one) => (one.to > last ? one.to : last), to),
  };
}
