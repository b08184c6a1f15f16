import {
  after,
  halfHourMs,
  instant,
  localTime,
  newId,
  zonedInstant,
  type InstantMs,
} from '@gatecast/firmware-protocol';
import type { z } from 'zod';
import type { ClipBlocks } from '../complaints/clip-blocks.ts';
import type { Communities } from '../communities/service.ts';
import type { Content } from '../content/service.ts';
import type { Deals } from '../groupbuy/deals.ts';
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
import { createBookings, type Bookings } from './bookings.ts';
import type { Campaign, newCampaign, Slot, slotQuery } from './contract.ts';
import { forecastFor } from './forecaster.ts';
import { createPublisher } from './publish.ts';
import { freeTouches, touchPriceFen, unbookable } from './rules.ts';
import * as rows from './store.ts';

export type { BoughtHalfHour } from './store.ts';

type Seller = As<'operator' | 'merchant'>;

export interface Campaigns {
  readonly bookings: Bookings;
  create(who: As<'merchant'>, input: z.output<typeof newCampaign>, call: Call): Promise<Campaign>;
  list(who: Seller, paging: Paging): Promise<Page<Campaign>>;
  /** The half-hours of a local day. */
  /** Rejects with `not-found` for a campaign that is not the caller's. */
  slots(who: Seller, query: z.output<typeof slotQuery>): Promise<Page<Slot>>;

  /** For other slices. */
  byNo(q: Reads, no: number): Promise<rows.CampaignRow | undefined>;
  about(q: Reads, ids: readonly string[]): Promise<ReadonlyMap<string, rows.CampaignRow>>;
  bought(
    q: Reads,
    filter: {
      readonly merchantId?: string | undefined;
      readonly campaignId?: string | undefined;
      readonly cursor?: string | undefined;
    },
    take: number,
  ): Promise<readonly rows.BoughtHalfHour[]>;
  /** All that was bought of the half-hours of a span. */
  boughtBetween: typeof rows.boughtBetween;
  /** Merchants with a paid booking in this half-hour. */
  buyersOf(
    q: Reads,
    communityId: string,
    at: InstantMs,
  ): Promise<readonly { readonly merchantId: string; readonly campaignId: string }[]>;
}

export interface CampaignParts {
  readonly clipBlocks: ClipBlocks;
  readonly communities: Communities;
  readonly content: Content;
  readonly deals: Deals;
  readonly merchants: Merchants;
  readonly notices: Notices;
  readonly plays: Plays;
  readonly settlement: Settlement;
  readonly terminals: Terminals;
}

export function createCampaigns(platform: Platform, parts: CampaignParts): Campaigns {
  const { store, clock } = platform;
  const publish = createPublisher(platform, parts);
  const bookings = createBookings(platform, { ...parts, publish });

  const show = async (found: readonly rows.CampaignRow[]): Promise<Campaign[]> => {
    const clips = await parts.content.about(
      store.read,
      found.map((c) => c.clipId),
    );
    const counts = await rows.paidCounts(
      store.read,
      found.map((c) => c.id),
    );
    return found.map((campaign) => {
      const clip = clips.get(campaign.clipId);
      const about = { clipTitle: clip?.title ?? '', clipStatus: clip?.status ?? '' };
      const { capPlays, capDays, ...rest } = campaign;
      const cap = capPlays === null || capDays === null ? null : { plays: capPlays, days: capDays };
      return { ...rest, ...about, cap, bookings: counts.get(campaign.id) ?? 0 };
    });
  };

  return {
    bookings,
    async create(who, input, call) {
      const id = await store.tx((q) => once(q, clock, call, () => addCampaign(platform, parts, q, who, input)));
      const campaign = await rows.findCampaign(store.read, { id });
      const [shown] = campaign ? await show([campaign]) : [];
      if (!shown) throw notFound('campaign');
      return shown;
    },
    async list(who, paging) {
      const merchantId = who.role === 'merchant' ? who.merchantId : undefined;
      const { rows: found, list } = await rows.listCampaigns(store.read, { ...paging, merchantId });
      const page = list.page(
        found,
        (row) => row.createdAt,
        (row) => row,
      );
      return { ...page, items: await show(page.items) };
    },
    slots: (who, query) => slotsOfDay(platform, parts, who, query),
    byNo: (q, no) => rows.findCampaign(q, { no }),
    about: rows.findCampaigns,
    bought: rows.boughtHalfHours,
    boughtBetween: rows.boughtBetween,
    buyersOf: (q, communityId, at) => rows.paidBookings(q, communityId, { from: at, to: after(at, halfHourMs) }),
  };
}

async function addCampaign(
  { clock, audit }: Platform,
  { content, deals }: CampaignParts,
  q: Tx,
  who: As<'merchant'>,
  { name, clipId, dealId, cap }: z.output<typeof newCampaign>,
): Promise<string> {
  const clip = (await content.about(q, [clipId])).get(clipId);
  if (clip?.merchantId !== who.merchantId) throw notFound('clip');
  if (clip.status === 'failed' || clip.status === 'rejected') throw refusal('clip-unusable', 'this clip will not play');
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

async function slotsOfDay(
  { store, clock }: Platform,
  parts: CampaignParts,
  who: Seller,
  { communityId, date, campaignId }: z.output<typeof slotQuery>,
): Promise<Page<Slot>> {
  const { communities, plays } = parts;
  const now = clock.now();
  const community = await communities.get(store.read, communityId);
  const between = dayOf(date, community.zone);
  const forecast = await forecastFor(store.read, plays, community, now);
  const taken = await rows.slotsTaken(store.read, communityId, between);
  const closed = await closedTo(store.read, parts, who, campaignId, community);
  const items: Slot[] = [];
  for (let at = between.from; at < between.to; at = after(at, halfHourMs)) {
    const slot = { at, forecastTouches: forecast(at), usedTouches: taken.get(at) ?? 0 };
    const reason = unbookable(slot, now) ?? closed(at);
    items.push({
      at,
      communityId,
      forecastTouches: slot.forecastTouches,
      freeTouches: reason === null ? freeTouches(slot, now) : 0,
      touchPriceFen,
      bookable: reason === null,
      reason,
    });
  }
  return { items, nextCursor: null };
}

/** Why a half-hour of the community is closed to a campaign's clip; null if it is not, or no campaign was named. */
async function closedTo(
  q: Reads,
  { content }: CampaignParts,
  who: Seller,
  campaignId: string | undefined,
  community: { readonly id: string; readonly zone: string },
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
