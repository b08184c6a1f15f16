import { fen, seconds, type Fen } from '@gatecast/firmware-protocol';
import { eq, sql } from 'drizzle-orm';
import type { z } from 'zod';
import type { Communities } from '../communities/service.ts';
import type { Content } from '../content/service.ts';
import { unitOf } from '../inventory/products.ts';
import type { Inventory } from '../inventory/service.ts';
import type { Merchants } from '../merchants/service.ts';
import type { As } from '../platform/auth.ts';
import type { Page } from '../platform/contract.ts';
import type { Tx } from '../platform/db/store.ts';
import { notFound } from '../platform/errors.ts';
import type { Call } from '../platform/idempotency.ts';
import type { Paging } from '../platform/newest-first.ts';
import type { Platform } from '../platform/platform.ts';
import type { Settlement } from '../settlement/service.ts';
import { emitBooking } from './booking-events.ts';
import { createChanges } from './change-line-item.ts';
import { releaseClaim } from './claim-changes.ts';
import { endOf } from './claims.ts';
import type { Booking, bookingPatch, cancelledBooking } from './contract.ts';
import { createHold, type BookingInput } from './hold-line-item.ts';
import { addPublishing, type PublishCommunity } from './publish.ts';
import type { Quotes } from './quotes.ts';
import * as rows from './store.ts';

type Seller = As<'operator' | 'merchant'>;

export interface Bookings {
  /** Holds a line item, or one half-hour of one community. Rejects as `createHold` says. */
  book(who: As<'merchant'>, input: BookingInput, call: Call): Promise<Booking>;
  /** Pauses, resumes or moves it. Rejects with `slot-sold-out`, `price-changed`, `booking-over`, `inventory-busy` or `not-found`. */
  change(who: Seller, id: string, patch: z.output<typeof bookingPatch>, call: Call): Promise<Booking>;
  /** Rejects with `booking-over` or `not-found`. `refundFen`: null where nothing was paid, or what goes back is known only once all screens have told. */
  cancel(who: Seller, id: string, call: Call): Promise<z.infer<typeof cancelledBooking>>;
  list(who: Seller, query: Paging & { readonly campaignId?: string | undefined }): Promise<Page<Booking>>;
  get(who: Seller, id: string): Promise<Booking>;
}

export interface BookingParts {
  readonly communities: Communities;
  readonly content: Content;
  readonly inventory: Inventory;
  readonly merchants: Merchants;
  readonly settlement: Settlement;
  readonly publish: PublishCommunity;
  readonly quotes: Quotes;
  /** A line item was paid, moved, paused or ended: what is planned is to be planned anew. */
  readonly replan: (q: Tx, booking: rows.BookingRow) => Promise<void>;
}

const expireEveryMs = seconds(5);
const expireMax = 200;

export function createBookings(platform: Platform, parts: BookingParts): Bookings {
  const { store } = platform;
  const { settlement } = parts;
  const show = createBookingView(platform, parts);
  const hold = createHold(platform, parts);
  const { change, cancel } = createChanges(platform, parts);
  sellBookings(platform, parts);

  return {
    async book(who, input, call) {
      const id = await hold(who, input, call);
      const booking = await rows.findBooking(store.read, id);
      if (booking?.status === 'held') await settlement.payUrl(booking.paymentId);
      return this.get(who, id);
    },
    async change(who, id, patch, call) {
      await change(who, id, patch, call);
      return this.get(who, id);
    },
    cancel,
    async list(who, query) {
      const merchantId = who.role === 'merchant' ? who.merchantId : undefined;
      const { rows: found, list } = await rows.listBookings(store.read, { ...query, merchantId });
      const page = list.page(
        found,
        (row) => row.createdAt,
        (row) => row,
      );
      return { ...page, items: await show(page.items) };
    },
    async get(who, id) {
      const booking = await rows.findBooking(store.read, id);
      const isOwn = booking && (who.role === 'operator' || booking.merchantId === who.merchantId);
      const [shown] = isOwn ? await show([booking]) : [];
      if (!shown) throw notFound('booking');
      return shown;
    },
  };
}

/** What money means to a booking, and what its lack does in the end. */
function sellBookings(platform: Platform, { settlement, publish, replan }: BookingParts): void {
  const { store, clock, jobs } = platform;
  /** One half-hour of one community is its own plan. */
  const layOut = async (q: Tx, booking: rows.BookingRow): Promise<void> => {
    if (booking.toAt !== null) return replan(q, booking);
    await rows.addOnlyCell(q, booking);
    await publish(q, booking.communityId);
  };
  const letGo = async (q: Tx, id: string): Promise<boolean> => {
    const booking = await rows.moveBooking(q, id, 'expired');
    if (!booking) return false;
    await releaseClaim(q, id);
    await settlement.close(q, booking.paymentId);
    await emitBooking(platform, q, booking);
    return true;
  };
  settlement.subject('booking', {
    async paid(q, { subjectId }) {
      const held = await rows.findBooking(q, subjectId);
      if (held && endOf(held) <= clock.now()) await letGo(q, subjectId);
      const booking = await rows.moveBooking(q, subjectId, 'paid');
      if (!booking) return false;
      await layOut(q, booking);
      await platform.audit(q, { who: 'system', action: 'booking.paid', subject: booking.id });
      await emitBooking(platform, q, booking);
      return true;
    },
    async refunded(q, { subjectId }) {
      const booking = await rows.moveBooking(q, subjectId, 'refunded');
      if (!booking) return;
      await releaseClaim(q, booking.id);
      await rows.dropCells(q, booking.id);
      if (booking.toAt !== null) await replan(q, booking);
      await publish(q, booking.communityId);
      const places = (await rows.placesOf(q, [booking.id])).get(booking.id) ?? [];
      const others = places.filter((communityId) => communityId !== booking.communityId);
      await addPublishing(platform, q, others);
      await emitBooking(platform, q, booking);
    },
    async late(q, { subjectId }) {
      const booking = await rows.findBooking(q, subjectId);
      if (booking) await emitBooking(platform, q, booking);
    },
    partRefunded: (q, { subjectId }, amountFen) => noteRefund(platform, q, subjectId, amountFen),
  });
  jobs.handle('bookings.expire', {
    everyMs: expireEveryMs,
    async run() {
      for (const id of await rows.dueHolds(store.read, clock.now(), expireMax))
        await store.tx(async (q) => void (await letGo(q, id)));
    },
  });
}

/** Of what has wholly gone back nothing is owed any more. */
async function noteRefund(platform: Platform, q: Tx, id: string, amountFen: Fen): Promise<void> {
  const t = q.t.bookings;
  const [row] = await q
    .update(t)
    .set({ refundedFen: sql`${t.refundedFen} + ${amountFen}` })
    .where(eq(t.id, id))
    .returning();
  if (!row) return;
  const isWhole = row.refundedFen >= row.priceFen;
  const moved = isWhole ? await rows.moveBooking(q, id, 'refunded') : undefined;
  if (moved) await rows.dropCells(q, id);
  await emitBooking(platform, q, moved ?? row);
}

function createBookingView({ store }: Platform, { communities, merchants, settlement }: BookingParts) {
  return async (found: readonly rows.BookingRow[]): Promise<Booking[]> => {
    const campaigns = await rows.findCampaigns(
      store.read,
      found.map((b) => b.campaignId),
    );
    const payUrls = await settlement.payUrls(
      store.read,
      found.filter((b) => b.status === 'held').map((b) => b.paymentId),
    );
    const late = await settlement.late(
      store.read,
      found.map((b) => b.paymentId),
    );
    const merchantNames = await merchants.names(store.read, [...new Set(found.map((b) => b.merchantId))]);
    const names = new Map<string, string>();
    for (const id of new Set(found.map((b) => b.communityId)))
      names.set(id, (await communities.get(store.read, id)).name);
    const places = await rows.placesOf(
      store.read,
      found.map((b) => b.id),
    );
    return found.map((b) => ({
      ...b,
      unit: unitOf(b.product),
      communityIds: places.get(b.id) ?? [],
      toAt: endOf(b),
      dayparts: (b.dayparts ?? []).map((daypart) => ({ ...daypart, weekdays: [...daypart.weekdays] })),
      placements: [...(b.placements ?? [])],
      campaignName: campaigns.get(b.campaignId)?.name ?? '',
      merchantName: merchantNames.get(b.merchantId) ?? '',
      communityName: names.get(b.communityId) ?? '',
      payUrl: payUrls.get(b.paymentId) ?? null,
      lateFen: late.get(b.paymentId) ?? fen(0),
      holdUntil: b.status === 'held' || b.status === 'expired' ? b.holdUntil : null,
    }));
  };
}
