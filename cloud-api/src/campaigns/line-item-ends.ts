import { after, days, fen, type Fen, type InstantMs } from '@gatecast/firmware-protocol';
import { and, asc, eq, gte, isNull, lte, or, sql } from 'drizzle-orm';
import type { SoldLines } from '../allocation/sold-lines.ts';
import type { Reads, Tx } from '../platform/db/store.ts';
import type { Platform } from '../platform/platform.ts';
import type { Settlement } from '../settlement/service.ts';
import { emitBooking } from './booking-events.ts';
import { claim, releaseClaim } from './claim-changes.ts';
import { endOf } from './claims.ts';
import type { Daypart } from './line-item.ts';
import { refundDueFen } from './line-price.ts';
import * as rows from './store.ts';

export type { BookingRow } from './store.ts';

/** Paid line items that were over at a moment, or have reached all people, and are not settled, the oldest first. */
export async function overSince(q: Reads, over: InstantMs, limit: number): Promise<rows.BookingRow[]> {
  const t = q.t.bookings;
  const found = await q
    .select()
    .from(t)
    .where(
      and(
        eq(t.status, 'paid'),
        isNull(t.settledAt),
        or(
          lte(t.toAt, over),
          and(isNull(t.toAt), lte(t.at, over)),
          and(eq(t.product, 'ten-people'), gte(t.deliveredMilli, sql`cast(${t.touches} as bigint) * 1000`)),
        ),
      ),
    )
    .orderBy(asc(t.at))
    .limit(limit);
  return found.filter((row) => endOf(row) <= over || hasReachedAll(row));
}

/** Of a line item that stops at so many people: it has, and all of them are reported. */
export const hasReachedAll = ({
  product,
  touches,
  deliveredMilli,
}: Pick<rows.BookingRow, 'product' | 'touches' | 'deliveredMilli'>): boolean =>
  product === 'ten-people' && deliveredMilli >= touches * 1_000;

/** Why a line item is settled as it is, in the ledger's own words; the same twice is one refund. */
const refundName = 'shortfall';

/**
 * Settles a line item that is over: what was not delivered goes back pro rata. Gives what goes back, or null if it was settled before. What comes in later is a
 * present.
 */
export async function settle(
  platform: Platform,
  q: Tx,
  id: string,
  money: Pick<Settlement, 'refundPart' | 'wantedBack'>,
): Promise<Fen | null> {
  const t = q.t.bookings;
  const [row] = await q
    .update(t)
    .set({ settledAt: platform.clock.now() })
    .where(and(eq(t.id, id), eq(t.status, 'paid'), isNull(t.settledAt)))
    .returning();
  if (!row) return null;
  // Of a share of the screen too: it promised no number, and what nobody saw is not paid for.
  // What a dispute gave back was of what was delivered; what was asked for may still be on its way.
  const left = row.priceFen - (await money.wantedBack(q, row.paymentId));
  const refundFen = fen(Math.min(left, refundDueFen({ ...row, refundedFen: 0 })));
  if (refundFen > 0) await money.refundPart(q, row.paymentId, { name: refundName, amountFen: refundFen });
  // Whose whole price goes back is refunded, which that step says.
  if (refundFen < left) await rows.moveBooking(q, id, 'ended');
  await releaseClaim(q, id);
  await platform.audit(q, { who: 'system', action: 'booking.settle', subject: id, facts: { refundFen } });
  await emitBooking(platform, q, { ...row, status: 'ended' });
  return refundFen;
}

export interface Longer {
  readonly toAt: InstantMs;
  readonly dayparts: readonly Daypart[];
  readonly soldLines: SoldLines | null;
  /** Version of the inventory. */
  readonly seen: number;
}

/**
 * Adds days to a line item without a price, claimed at version `seen` of the inventory: throws what `whileFresh` waits for where somebody was faster. Null: it
 * was settled, moved or prolonged in the meantime.
 */
export async function prolong(
  platform: Platform,
  q: Tx,
  before: rows.BookingRow,
  { toAt, dayparts, soldLines, seen }: Longer,
): Promise<rows.BookingRow | null> {
  const t = q.t.bookings;
  const [row] = await q
    .update(t)
    // Its own days are over.
    .set({ toAt, firstDay: null, lastDay: null, soldLines, dayparts: dayparts.length === 0 ? null : dayparts })
    .where(
      and(
        eq(t.id, before.id),
        eq(t.status, 'paid'),
        isNull(t.settledAt),
        isNull(t.pausedAt),
        isNull(t.cancelledAt),
        before.toAt === null ? isNull(t.toAt) : eq(t.toAt, before.toAt),
      ),
    )
    .returning();
  if (!row) return null;
  await claim(q, row.id, seen);
  await platform.audit(q, { who: 'system', action: 'booking.make-good', subject: row.id, facts: { toAt } });
  await emitBooking(platform, q, row);
  return row;
}

/** A day later at the latest all is known that there is to know of a half-hour. */
export const knownBy = (end: InstantMs): InstantMs => after(end, days(1));

/** Communities by line item, of those that name any. */
export const placesOfLineItems = (q: Reads, found: readonly rows.BookingRow[]) =>
  rows.placesOf(
    q,
    found.map(({ id }) => id),
  );
export const findLineItem = rows.findBooking;
export const placesOfLineItem = async (q: Reads, row: rows.BookingRow): Promise<readonly string[]> =>
  (await rows.placesOf(q, [row.id])).get(row.id) ?? [row.communityId];
