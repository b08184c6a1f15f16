import { after, halfHourMs, instant, minutes, newId, seconds, type InstantMs } from '@gatecast/firmware-protocol';
import type { z } from 'zod';
import type { Communities } from '../communities/service.ts';
import type { Inadmissible } from '../content/categories.ts';
import type { Content } from '../content/service.ts';
import type { As } from '../platform/auth.ts';
import type { Page } from '../platform/contract.ts';
import type { Tx } from '../platform/db/store.ts';
import { notFound, refusal } from '../platform/errors.ts';
import { once, type Call } from '../platform/idempotency.ts';
import type { Paging } from '../platform/newest-first.ts';
import type { Platform } from '../platform/platform.ts';
import type { Plays } from '../plays/service.ts';
import type { Settlement } from '../settlement/service.ts';
import type { Booking, newBooking } from './contract.ts';
import { forecastFor } from './forecaster.ts';
import type { PublishCommunity } from './publish.ts';
import { bookingPrice, freeTouches, unbookable, type Unbookable } from './rules.ts';
import * as rows from './store.ts';

type Seller = As<'operator' | 'merchant'>;

export interface Bookings {
  /** Rejects as `admissible` says, or with `slot-past`, `slot-too-far`, `slot-sold-out`, `slot-misaligned`, `clip-not-approved` or `not-found`. */
  book(who: As<'merchant'>, input: z.output<typeof newBooking>, call: Call): Promise<Booking>;
  list(who: Seller, query: Paging & { readonly campaignId?: string | undefined }): Promise<Page<Booking>>;
  get(who: Seller, id: string): Promise<Booking>;
}

export interface BookingParts {
  readonly communities: Communities;
  readonly content: Content;
  readonly plays: Plays;
  readonly settlement: Settlement;
  readonly publish: PublishCommunity;
}

/** How long touches are kept for somebody who has not paid. */
const holdMs = minutes(10);
const expireEveryMs = seconds(5);
const expireMax = 200;

export function createBookings(platform: Platform, parts: BookingParts): Bookings {
  const { store, clock, audit } = platform;
  const { content, settlement } = parts;
  const show = createBookingView(platform, parts);
  sellBookings(platform, parts);

  const hold = async (q: Tx, who: As<'merchant'>, input: z.output<typeof newBooking>): Promise<string> => {
    const campaign = await rows.findCampaign(q, { id: input.campaignId });
    if (campaign?.merchantId !== who.merchantId) throw notFound('campaign');
    if (!(await content.playable(q, [campaign.clipId])).has(campaign.clipId)) {
      throw refusal('clip-not-approved', 'the clip of this campaign is not approved (yet)');
    }
    await requireAdmission(parts, q, campaign.clipId, input);
    const at = await holdSlot(platform, parts, q, input);
    const id = newId('booking');
    const amountFen = bookingPrice(input.touches);
    const holdUntil = after(clock.now(), holdMs);
    const payment = { kind: 'booking' as const, subjectId: id, storeId: null, amountFen, expiresAt: holdUntil };
    const description = `门播 · ${campaign.name}`;
    const paymentId = await settlement.createPayment(q, {
      ...payment,
      description,
      returnUrl: input.returnUrl ?? null,
    });
    const { campaignId, communityId, touches } = input;
    const { merchantId } = who;
    const row = { id, campaignId, merchantId, communityId, at, touches, priceFen: amountFen, holdUntil, paymentId };
    await q.insert(q.t.bookings).values({ ...row, status: 'held', createdAt: clock.now() });
    await audit(q, { who, action: 'booking.hold', subject: id, facts: { touches, priceFen: amountFen } });
    await emitBooking(platform, q, { ...row, status: 'held' });
    return id;
  };

  return {
    async book(who, input, call) {
      const id = await store.tx((q) => once(q, clock, call, () => hold(q, who, input)));
      const booking = await rows.findBooking(store.read, id);
      if (booking?.status === 'held') await settlement.payUrl(booking.paymentId);
      return this.get(who, id);
    },
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

const refusals: Readonly<Record<Unbookable, () => Error>> = {
  past: () => refusal('slot-past', 'this half-hour is over'),
  'too-far': () => refusal('slot-too-far', 'this half-hour is not on sale yet'),
  'sold-out': () => refusal('slot-sold-out', 'so many touches are not left in this half-hour'),
};

/** Neither law, permit, community nor hour speaks against this clip there and then. */
async function requireAdmission(
  { communities, content }: BookingParts,
  q: Tx,
  clipId: string,
  { communityId, at }: Pick<z.output<typeof newBooking>, 'communityId' | 'at'>,
): Promise<void> {
  const community = await communities.get(q, communityId);
  const why = (await content.admissionTo(q, community, [clipId]))(clipId, instant(at));
  if (why) throw refusal(why, inadmissible[why]);
}

const inadmissible: Readonly<Record<Inadmissible, string>> = {
  'category-banned': 'this may be advertised on no screen',
  'category-declined': 'this community does not want such adverts',
  'permit-missing': 'no accepted permit covers this half-hour',
  'hour-closed': 'such adverts are not shown in this half-hour',
};

/** Takes the touches out of what is left: never more than the forecast expects. */
async function holdSlot(
  { clock }: Platform,
  { communities, plays }: BookingParts,
  q: Tx,
  { communityId, at: startsAt, touches }: z.output<typeof newBooking>,
): Promise<InstantMs> {
  if (startsAt % halfHourMs !== 0) throw refusal('slot-misaligned', 'slots begin at the half-hour');
  const at = startsAt as InstantMs;
  const now = clock.now();
  const community = await communities.get(q, communityId);
  const forecastTouches = (await forecastFor(q, plays, community, now))(at);
  const taken = await rows.slotsTaken(q, communityId, { from: at, to: after(at, halfHourMs) });
  const slot = { at, forecastTouches, usedTouches: taken.get(at) ?? 0 };
  const why = unbookable(slot, now);
  if (why) throw refusals[why]();
  if (touches > freeTouches(slot, now) || !(await rows.holdTouches(q, { communityId, at, forecastTouches }, touches))) {
    throw refusals['sold-out']();
  }
  return at;
}

/** What money means to a booking, and what its lack does in the end. */
function sellBookings(platform: Platform, { settlement, publish }: BookingParts): void {
  const { store, clock, jobs } = platform;
  const letGo = async (q: Tx, id: string): Promise<boolean> => {
    const booking = await rows.moveBooking(q, id, 'expired');
    if (!booking) return false;
    await rows.settleTouches(q, booking, 'released');
    await settlement.close(q, booking.paymentId);
    await emitBooking(platform, q, booking);
    return true;
  };
  settlement.subject('booking', {
    async paid(q, { subjectId }) {
      const held = await rows.findBooking(q, subjectId);
      if (held && held.at + halfHourMs <= clock.now()) await letGo(q, subjectId);
      const booking = await rows.moveBooking(q, subjectId, 'paid');
      if (!booking) return false;
      await rows.settleTouches(q, booking, 'sold');
      await publish(q, booking.communityId);
      await platform.audit(q, { who: 'system', action: 'booking.paid', subject: booking.id });
      await emitBooking(platform, q, booking);
      return true;
    },
    async refunded(q, { subjectId }) {
      const booking = await rows.moveBooking(q, subjectId, 'refunded');
      if (!booking) return;
      await rows.settleTouches(q, booking, 'refunded');
      await publish(q, booking.communityId);
      await emitBooking(platform, q, booking);
    },
  });
  jobs.handle('bookings.expire', {
    everyMs: expireEveryMs,
    async run() {
      for (const id of await rows.dueHolds(store.read, clock.now(), expireMax))
        await store.tx(async (q) => void (await letGo(q, id)));
    },
  });
}

async function emitBooking(
  { events }: Platform,
  q: Tx,
  b: Pick<rows.BookingRow, 'id' | 'campaignId' | 'communityId' | 'merchantId' | 'at' | 'touches' | 'status'>,
): Promise<void> {
  const facts = {
    campaignId: b.campaignId,
    communityId: b.communityId,
    at: b.at,
    touches: b.touches,
    status: b.status,
  };
  await events.emit(q, { type: 'booking', subject: b.id, facts, merchantId: b.merchantId });
}

function createBookingView({ store }: Platform, { communities, settlement }: BookingParts) {
  return async (found: readonly rows.BookingRow[]): Promise<Booking[]> => {
    const campaigns = await rows.findCampaigns(
      store.read,
      found.map((b) => b.campaignId),
    );
    const payUrls = await settlement.payUrls(
      store.read,
      found.filter((b) => b.status === 'held').map((b) => b.paymentId),
    );
    const names = new Map<string, string>();
    for (const id of new Set(found.map((b) => b.communityId)))
      names.set(id, (await communities.get(store.read, id)).name);
    return found.map((b) => ({
      ...b,
      campaignName: campaigns.get(b.campaignId)?.name ?? '',
      communityName: names.get(b.communityId) ?? '',
      payUrl: payUrls.get(b.paymentId) ?? null,
      holdUntil: b.status === 'held' ? b.holdUntil : null,
    }));
  };
}
