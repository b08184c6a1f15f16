import { after, fen, halfHourMs, halfHourOf, type Fen } from '@gatecast/firmware-protocol';
import { and, eq, gte, inArray, isNull } from 'drizzle-orm';
import type { z } from 'zod';
import type { As } from '../platform/auth.ts';
import type { Tx } from '../platform/db/store.ts';
import { notFound, refusal } from '../platform/errors.ts';
import { once, type Call } from '../platform/idempotency.ts';
import type { Platform } from '../platform/platform.ts';
import type { Settlement } from '../settlement/service.ts';
import { emitBooking } from './booking-events.ts';
import { requireOwnDays } from './campaign-cap.ts';
import { claim, releaseClaim, whileFresh } from './claim-changes.ts';
import { daysOf, endOf } from './claims.ts';
import type { bookingPatch, cancelledBooking } from './contract.ts';
import { columnsOf, requireAvailable } from './hold-line-item.ts';
import { linePriceFen, refundDueFen } from './line-price.ts';
import { addPublishing } from './publish.ts';
import type { Priced, Quotes } from './quotes.ts';
import * as rows from './store.ts';
import type { Wish } from './wish.ts';

type Patch = z.output<typeof bookingPatch>;
type Cancelled = z.infer<typeof cancelledBooking>;
type Owner = As<'operator' | 'merchant'>;

export interface ChangeParts {
  readonly quotes: Quotes;
  readonly settlement: Settlement;
  /** What is planned for a line item is to be planned anew. */
  readonly replan: (q: Tx, booking: rows.BookingRow) => Promise<void>;
}

/** Pausing, resuming, moving and cancelling what was bought. */
export function createChanges(platform: Platform, parts: ChangeParts) {
  const { store, clock } = platform;

  const change = async (who: Owner, id: string, patch: Patch, call: Call): Promise<void> => {
    if (patch.paused === true) {
      await store.tx((q) =>
        once(q, clock, call, () => pause(platform, parts, q, who, { id, reason: patch.reason ?? null })),
      );
      return;
    }
    if (patch.paused === undefined && !patch.targeting) return;
    await whileFresh(async () => {
      const row = await own(store.read, who, id);
      requireResumable(who, row);
      const wish = await wishedNow(platform, parts, row, patch);
      const priced = await parts.quotes.price(who, wish, { id });
      const isMoved = patch.targeting !== undefined;
      await store.tx((q) => once(q, clock, call, () => move(platform, parts, q, who, { id, priced, isMoved })));
    });
  };

  const cancel = async (who: Owner, id: string, call: Call): Promise<Cancelled> =>
    store.tx((q) => once(q, clock, call, () => cancelLine(platform, parts, q, who, id)));

  return { change, cancel };
}

async function own(q: Parameters<typeof rows.findBooking>[0], who: Owner, id: string): Promise<rows.BookingRow> {
  const row = await rows.findBooking(q, id);
  if (!row || (who.role === 'merchant' && row.merchantId !== who.merchantId)) throw notFound('booking');
  return row;
}

/** Rejects with `paused-by-operator`: moving it would let it run again. */
function requireResumable(who: Owner, { pausedAt, pausedBy }: rows.BookingRow): void {
  if (who.role === 'merchant' && pausedAt !== null && pausedBy === 'operator')
    throw refusal('paused-by-operator', 'the operator paused this line item and resumes it');
}

const over = () => refusal('booking-over', 'this line item cannot be changed any more');

/** Rejects with `pause-reason-missing` where the operator stops what somebody else has paid for and does not say why. */
async function pause(
  platform: Platform,
  parts: ChangeParts,
  q: Tx,
  who: Owner,
  { id, reason }: { readonly id: string; readonly reason: string | null },
): Promise<null> {
  const t = q.t.bookings;
  if (who.role === 'operator' && reason === null)
    throw refusal('pause-reason-missing', 'say why this line item is paused: its merchant reads it');
  await own(q, who, id);
  const [row] = await q
    .update(t)
    .set({ pausedAt: platform.clock.now(), pausedBy: who.role, pausedReason: reason })
    .where(and(eq(t.id, id), eq(t.status, 'paid'), isNull(t.pausedAt), isNull(t.cancelledAt)))
    .returning();
  if (!row) throw over();
  await releaseClaim(q, id);
  // One half-hour is its own plan: no other one takes it off the screens.
  if (row.toAt === null) await addPublishing(platform, q, [row.communityId]);
  await parts.replan(q, row);
  await platform.audit(q, { who, action: 'booking.pause', subject: id, facts: { reason } });
  await emitBooking(platform, q, row);
  return null;
}

/** What is still to come of a line item, there and then where it was or as it is to be. */
async function wishedNow(
  { store }: Platform,
  { quotes }: ChangeParts,
  row: rows.BookingRow,
  { targeting }: Patch,
): Promise<Wish> {
  if (row.status !== 'paid' || row.cancelledAt !== null) throw over();
  const left = Math.max(1, row.touches - Math.floor(row.deliveredMilli / 1_000));
  const quantity = {
    campaignId: row.campaignId,
    ...(row.product === 'ten-people'
      ? { product: row.product, people: left }
      : { product: 'touches' as const, touches: left }),
    dayCapTouches: row.dayCapTouches,
    holdoutPpm: row.holdoutPpm,
  };
  if (targeting) return quotes.read(store.read, { ...targeting, ...quantity });
  const communityIds = (await rows.placesOf(store.read, [row.id])).get(row.id) ?? [row.communityId];
  const dayparts = (row.dayparts ?? []).map((one) => ({ ...one, weekdays: [...one.weekdays] }));
  const placements = [...(row.placements ?? [])];
  return {
    ...quantity,
    communityIds,
    dayparts,
    placements,
    segment: row.segment,
    from: row.at,
    to: endOf(row),
    days: daysOf(row),
  };
}

/**
 * Takes its new place, at the price that was agreed. Rejects with `slot-sold-out`, `cap-overlaps`, `price-changed` where it is moved and would cost more there, or
 * `people-begun` or `booking-over`. Where it only goes on, it has been paid for, whatever the rate card says by now.
 */
async function move(
  platform: Platform,
  parts: ChangeParts,
  q: Tx,
  who: Owner,
  { id, priced, isMoved }: { readonly id: string; readonly priced: Priced; readonly isMoved: boolean },
): Promise<null> {
  const { clock, audit } = platform;
  const t = q.t.bookings;
  const before = await own(q, who, id);
  requireResumable(who, before);
  if (before.status !== 'paid' || before.cancelledAt !== null) throw over();
  const hasBegun = before.at <= clock.now();
  if (isMoved && hasBegun && before.product === 'ten-people')
    throw refusal(
      'people-begun',
      'screens know whom they reached until the end that they were told: cancel it and buy anew',
    );
  requireAvailable(priced);
  await requireOwnDays(q, { ...priced.wish, id, campaignId: before.campaignId });
  const left = Math.floor(priced.wantedMilli / 1_000);
  const agreed = Math.ceil((before.priceFen * left) / before.touches);
  const now = linePriceFen(left, priced.touchPriceMilliFen);
  if (isMoved && now > agreed)
    throw refusal('price-changed', 'it costs more there', { priceFen: now, agreedFen: agreed });
  const { product: _p, sharePpm: _s, people: _n, ...moved } = columnsOf(priced, false);
  const kept = hasBegun ? { ...moved, communityId: before.communityId, at: before.at } : moved;
  const [row] = await q
    .update(t)
    .set({ ...kept, pausedAt: null, pausedBy: null, pausedReason: null })
    .where(eq(t.id, id))
    .returning();
  if (!row) throw over();
  // Where it was, screens hear that it is gone.
  if (before.product === 'ten-people') await parts.replan(q, before);
  const places = [...new Set(priced.wish.communityIds)];
  await q.delete(q.t.bookingPlaces).where(eq(q.t.bookingPlaces.bookingId, id));
  await q.insertMany(
    q.t.bookingPlaces,
    places.map((communityId) => ({ bookingId: id, communityId })),
  );
  await dropFutureCells(platform, q, id);
  await claim(q, id, priced.version);
  await parts.replan(q, row);
  await audit(q, { who, action: 'booking.change', subject: id, facts: { communities: places.length, touches: left } });
  await emitBooking(platform, q, row);
  return null;
}

/**
 * What is planned for half-hours that have not begun; what runs, runs to its end. The screens of its communities hear of it from here: to the next plan, which
 * looks for what differs, there is nothing left that could.
 */
async function dropFutureCells(platform: Platform, q: Tx, bookingId: string): Promise<void> {
  const t = q.t.bookingCells;
  const next = after(halfHourOf(platform.clock.now()), halfHourMs);
  const ahead = and(eq(t.bookingId, bookingId), gte(t.at, next));
  const concerned = await q.selectDistinct({ communityId: t.communityId }).from(t).where(ahead);
  await q.delete(t).where(ahead);
  await addPublishing(
    platform,
    q,
    concerned.map(({ communityId }) => communityId),
  );
}

/**
 * Ends a line item. What has not begun goes back wholly and at once; of what runs the present half-hour is the last, and what was not delivered goes back once
 * every screen has told what it played.
 */
async function cancelLine(platform: Platform, parts: ChangeParts, q: Tx, who: Owner, id: string): Promise<Cancelled> {
  const { clock, audit } = platform;
  const before = await own(q, who, id);
  await audit(q, { who, action: 'booking.cancel', subject: id });
  if (before.status === 'held') {
    const row = await rows.moveBooking(q, id, 'cancelled');
    if (!row) throw over();
    await releaseClaim(q, id);
    await parts.settlement.close(q, row.paymentId);
    await emitBooking(platform, q, row);
    return { refundFen: null };
  }
  const t = q.t.bookings;
  const [row] = await q
    .update(t)
    .set({ cancelledAt: clock.now() })
    .where(and(eq(t.id, id), inArray(t.status, ['paid']), isNull(t.cancelledAt), isNull(t.settledAt)))
    .returning();
  if (!row || endOf(row) <= clock.now()) throw over();
  await dropFutureCells(platform, q, id);
  const running = await q.select().from(q.t.bookingCells).where(eq(q.t.bookingCells.bookingId, id)).limit(1);
  // Of people nothing is planned: a screen may have shown it that has not told yet.
  const mayHaveRun = row.product === 'ten-people' && row.at <= clock.now();
  if (running.length > 0 || mayHaveRun || row.deliveredMilli > 0) return endEarly(platform, parts, q, row);
  await releaseClaim(q, id);
  await parts.replan(q, row);
  const refundFen: Fen = refundDueFen(row);
  await parts.settlement.refundPart(q, row.paymentId, { name: 'cancelled', amountFen: refundFen });
  return { refundFen: fen(refundFen) };
}

async function endEarly(platform: Platform, parts: ChangeParts, q: Tx, row: rows.BookingRow): Promise<Cancelled> {
  const toAt = after(halfHourOf(platform.clock.now()), halfHourMs);
  await q.update(q.t.bookings).set({ toAt }).where(eq(q.t.bookings.id, row.id));
  await releaseClaim(q, row.id);
  await parts.replan(q, row);
  await emitBooking(platform, q, row);
  return { refundFen: null };
}
