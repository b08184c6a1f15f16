import {
  after,
  halfHourMs,
  instant,
  localTime,
  newId,
  zonedInstant,
  type InstantMs,
} from '@gatecast/firmware-protocol';
import type { Placement } from '@gatecast/firmware-protocol/messages';
import type { z } from 'zod';
import type { Audience } from '../audience/service.ts';
import type { ClipBlocks } from '../complaints/clip-blocks.ts';
import type { Community } from '../communities/contract.ts';
import type { Communities } from '../communities/service.ts';
import type { Content } from '../content/service.ts';
import type { Deals } from '../groupbuy/deals.ts';
import { unsoldThere } from '../inventory/decision-rules.ts';
import type { Inventory } from '../inventory/service.ts';
import type { Holdouts } from '../lift/holdouts.ts';
import type { Merchants } from '../merchants/service.ts';
import type { Notices } from '../notices/service.ts';
import type { As } from '../platform/auth.ts';
import type { Page } from '../platform/contract.ts';
import type { Reads, Tx } from '../platform/db/store.ts';
import { notFound, refusal } from '../platform/errors.ts';
import { once, type Call } from '../platform/idempotency.ts';
import type { Paging } from '../platform/newest-first.ts';
import type { Platform } from '../platform/platform.ts';
import type { Plays } from '../plays/service.ts';
import type { Settlement } from '../settlement/service.ts';
import type { Terminals } from '../terminals/service.ts';
import { createAvailability, type Availability } from './availability.ts';
import { KeptLayout } from './kept-layout.ts';
import { running } from './claims.ts';
import { createBookings, type Bookings } from './bookings.ts';
import type { Campaign, newCampaign, Slot, slotQuery } from './contract.ts';
import { addPublishing, createPublisher } from './publish.ts';
import { createQuotes, type Quotes } from './quotes.ts';
import { ran } from './ran.ts';
import { unbookable } from './rules.ts';
import { noteForSale } from './inventory-version.ts';
import { campaignReads } from './reads.ts';
import * as rows from './store.ts';
import { onlyHalfHour } from './wish.ts';

export type { BoughtHalfHour } from './store.ts';

type Seller = As<'operator' | 'merchant'>;

export interface Campaigns {
  readonly bookings: Bookings;
  readonly quotes: Quotes;
  /** Runs in the transaction that pays, moves, pauses or ends a line item. */
  onLineItemChange(hook: LineItemHook): void;
  /** Lays out what is for sale where anything is sold, so that whoever asks first does not wait for it. */
  start(): Promise<void>;
  /** Ends the thread that computes what is left. */
  stop(): Promise<void>;
  create(who: As<'merchant'>, input: z.output<typeof newCampaign>, call: Call): Promise<Campaign>;
  list(who: Seller, query: Paging & { readonly search?: string | undefined }): Promise<Page<Campaign>>;
  /** The half-hours of a local day. */
  /** Rejects with `not-found` for a campaign that is not the caller's. */
  slots(who: Seller, query: z.output<typeof slotQuery>): Promise<Page<Slot>>;

  /** For other slices. */
  byNo(q: Reads, no: number): Promise<rows.CampaignRow | undefined>;
  about(q: Reads, ids: readonly string[]): Promise<ReadonlyMap<string, rows.CampaignRow>>;
  bought: typeof rows.boughtHalfHours;
  /** All that was bought of the half-hours of a span. */
  boughtBetween: typeof rows.boughtBetween;
  /** What a campaign bought and ran. */
  lineItemsOf: typeof rows.lineItemsOf;
  readonly ran: typeof ran;
  /** Merchants with a paid booking in this half-hour. */
  buyersOf(
    q: Reads,
    communityId: string,
    at: InstantMs,
  ): Promise<readonly { readonly merchantId: string; readonly campaignId: string }[]>;
}

export type LineItemHook = (q: Tx, booking: rows.BookingRow) => Promise<void>;

export interface CampaignParts {
  readonly audience: Audience;
  readonly clipBlocks: ClipBlocks;
  readonly communities: Communities;
  readonly content: Content;
  readonly deals: Deals;
  readonly holdouts: Holdouts;
  readonly inventory: Inventory;
  readonly merchants: Merchants;
  readonly notices: Notices;
  readonly plays: Plays;
  readonly settlement: Settlement;
  readonly terminals: Terminals;
}

export function createCampaigns(platform: Platform, parts: CampaignParts): Campaigns {
  const { store, clock } = platform;
  const publish = createPublisher(platform, parts);
  const availability = createAvailability(new KeptLayout(platform));
  const quotes = createQuotes(platform, { ...parts, availability });
  const hooks: LineItemHook[] = [];
  const replan: LineItemHook = async (q, booking) => {
    // Not planned ahead: the screens are told of it at once.
    if (booking.product === 'ten-people')
      await addPublishing(platform, q, (await rows.placesOf(q, [booking.id])).get(booking.id) ?? []);
    for (const hook of hooks) await hook(q, booking);
  };
  const bookings = createBookings(platform, { ...parts, publish, quotes, replan });
  parts.inventory.onChange((q, communityId) => noteForSale(q, communityId));
  parts.terminals.onClaimed((q, { communityId }) => noteForSale(q, communityId));
  parts.content.onWithdrawal((q, clipId) => rows.useOfClip(q, clipId, clock.now()));

  const show = async (found: readonly rows.CampaignRow[]): Promise<Campaign[]> => {
    const clips = await parts.content.about(
      store.read,
      found.map((c) => c.clipId),
    );
    const counts = await rows.paidCounts(
      store.read,
      found.map((c) => c.id),
    );
    const names = await parts.merchants.names(store.read, [...new Set(found.map((c) => c.merchantId))]);
    return found.map((campaign) => {
      const clip = clips.get(campaign.clipId);
      const merchantName = names.get(campaign.merchantId) ?? '';
      const about = { merchantName, clipTitle: clip?.title ?? '', clipStatus: clip?.status ?? '' };
      const { capPlays, capDays, ...rest } = campaign;
      const cap = capPlays === null || capDays === null ? null : { plays: capPlays, days: capDays };
      return { ...rest, ...about, cap, bookings: counts.get(campaign.id) ?? 0 };
    });
  };

  return {
    bookings,
    quotes,
    onLineItemChange: (hook) => void hooks.push(hook),
    async start() {
      for await (const lines of running(store.read, clock.now())) if (lines.length > 0) return availability.prepare();
    },
    stop: () => availability.stop(),
    async create(who, input, call) {
      const id = await store.tx((q) => once(q, clock, call, () => addCampaign(platform, parts, q, who, input)));
      const campaign = await rows.findCampaign(store.read, { id });
      const [shown] = campaign ? await show([campaign]) : [];
      if (!shown) throw notFound('campaign');
      return shown;
    },
    async list(who, query) {
      const merchantId = who.role === 'merchant' ? who.merchantId : undefined;
      const search = query.search ? await searchOf(store.read, parts, query.search) : undefined;
      const { rows: found, list } = await rows.listCampaigns(store.read, { ...query, merchantId, search });
      const page = list.page(
        found,
        (row) => row.createdAt,
        (row) => row,
      );
      return { ...page, items: await show(page.items) };
    },
    slots: (who, query) => slotsOfDay(platform, { ...parts, availability }, who, query),
    byNo: (q, no) => rows.findCampaign(q, { no }),
    ...campaignReads,
    bought: rows.boughtHalfHours,
    boughtBetween: rows.boughtBetween,
    lineItemsOf: rows.lineItemsOf,
    ran,
    buyersOf: (q, communityId, at) => rows.owedCells(q, communityId, { from: at, to: after(at, halfHourMs) }),
  };
}

/** Merchants that a search by name goes on with. */
const merchantsSearchedMax = 200;

async function searchOf(q: Reads, { merchants }: CampaignParts, text: string): Promise<rows.CampaignSearch> {
  return { text, merchantIds: await merchants.named(q, text, merchantsSearchedMax) };
}

const unusable: readonly string[] = ['failed', 'rejected', 'withdrawn'];

async function addCampaign(
  { clock, audit }: Platform,
  { content, deals }: CampaignParts,
  q: Tx,
  who: As<'merchant'>,
  { name, clipId, dealId, cap }: z.output<typeof newCampaign>,
): Promise<string> {
  const clip = (await content.about(q, [clipId])).get(clipId);
  if (clip?.merchantId !== who.merchantId) throw notFound('clip');
  if (unusable.includes(clip.status)) throw refusal('clip-unusable', 'this clip will not play');
  if (dealId !== null) await deals.advertise(q, who, dealId, clipId);
  await q.lock('campaign-no');
  const id = newId('campaign');
  const no = await rows.nextCampaignNo(q);
  await q.insert(q.t.campaigns).values({
    id,
    no,
    merchantId: who.merchantId,
    name,
    clipId,
    dealId,
    capPlays: cap?.plays ?? null,
    capDays: cap?.days ?? null,
    createdAt: clock.now(),
  });
  await audit(q, { who, action: 'campaign.create', subject: id });
  return id;
}

interface SlotParts extends CampaignParts {
  readonly availability: Availability;
}

async function slotsOfDay(
  { store, clock }: Platform,
  parts: SlotParts,
  who: Seller,
  { communityId, date, campaignId }: z.output<typeof slotQuery>,
): Promise<Page<Slot>> {
  const { audience, communities } = parts;
  const now = clock.now();
  const community = await communities.get(store.read, communityId);
  const between = dayOf(date, community.zone);
  const forecast = await audience.ofCommunity(store.read, community, between);
  const unsold = await unsoldOf(store.read, parts, communityId, between);
  const free = await freeIn(parts, communityId, between, unsold);
  const closed = await closedTo(store.read, parts, who, campaignId, community);
  const price = await parts.inventory.prices(store.read, [communityId], between);
  const items: Slot[] = [];
  for (let at = between.from; at < between.to; at = after(at, halfHourMs)) {
    const slot = { at, freeTouches: free(at) };
    const reason = unsold(at, 'any') ?? unbookable(slot, now) ?? closed(at);
    items.push({
      at,
      communityId,
      forecastTouches: forecast(at),
      freeTouches: reason === null ? slot.freeTouches : 0,
      touchPriceFen: price({ communityId, at, placement: 'any', segment: 'all', product: 'touches' }),
      bookable: reason === null,
      reason,
    });
  }
  return { items, nextCursor: null };
}

/** More than any half-hour has. */
const anyTouches = 1_000_000;

/** Touches of each half-hour that nobody else needs. */
async function freeIn(
  { availability }: SlotParts,
  communityId: string,
  { from, to }: { readonly from: InstantMs; readonly to: InstantMs },
  unsold: Unsold,
): Promise<(at: InstantMs) => number> {
  const starts = Array.from({ length: Math.round((to - from) / halfHourMs) }, (_, n) => instant(from + n * halfHourMs));
  const asked = starts.map((at, n) => ({
    claim: {
      ...onlyHalfHour(communityId, at, anyTouches),
      id: `slot-${n}`,
      milliTouches: anyTouches,
      weight: 1,
      dayCapMilli: null,
    },
    closed: (_communityId: string, placement: Placement, there: InstantMs) => unsold(there, placement),
  }));
  const spare = await availability.spare(asked);
  const free = new Map(starts.map((at, n) => [at, Math.floor((spare[n] ?? 0) / 1_000)]));
  return (at) => free.get(at) ?? 0;
}

/** Why nothing of a half-hour is for sale at a kind of door, or at any; null if something is. */
type Unsold = (at: InstantMs, placement: Placement | 'any') => string | null;

async function unsoldOf(
  q: Reads,
  { inventory }: CampaignParts,
  communityId: string,
  span: { readonly from: InstantMs; readonly to: InstantMs },
): Promise<Unsold> {
  const state = (await inventory.sellable(q, [communityId], span)).get(communityId);
  if (!state) throw notFound('community');
  return (at, placement) => unsoldThere(state, { at, placement, category: null });
}

/** Why a half-hour of the community is closed to a campaign's clip; null if it is not, or no campaign was named. */
async function closedTo(
  q: Reads,
  { content }: CampaignParts,
  who: Seller,
  campaignId: string | undefined,
  community: Community,
): Promise<(at: InstantMs) => string | null> {
  if (campaignId === undefined) return () => null;
  const campaign = await rows.findCampaign(q, { id: campaignId });
  if (!campaign || (who.role === 'merchant' && campaign.merchantId !== who.merchantId)) throw notFound('campaign');
  const { clipId } = campaign;
  if (!(await content.playable(q, [clipId])).has(clipId)) return () => 'clip-not-approved';
  const admission = await content.admissionTo(q, community, [clipId]);
  return (at) => admission(clipId, at);
}

const dayMs = 86_400_000;

/** A local day as a half-open span. Throws `invalid-request` for a date that no calendar has. */
function dayOf(date: string, zone: string): { readonly from: InstantMs; readonly to: InstantMs } {
  const midnight = Date.parse(`${date}T00:00:00Z`);
  if (Number.isNaN(midnight) || localTime(instant(midnight), 'UTC').date !== date) {
    throw refusal('invalid-request', 'there is no such date');
  }
  const next = new Date(midnight + dayMs).toISOString().slice(0, 10);
  return { from: zonedInstant(date, 0, zone), to: zonedInstant(next, 0, zone) };
}
