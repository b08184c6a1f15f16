import { after, days, halfHourOf, type InstantMs } from '@gatecast/firmware-protocol';
import type { Placement } from '@gatecast/firmware-protocol/messages';
import { and, asc, eq, gte, isNull, lt, sql } from 'drizzle-orm';
import type { Content } from '../content/service.ts';
import type { Merchants } from '../merchants/service.ts';
import type { Reads } from '../platform/db/store.ts';
import type { Platform } from '../platform/platform.ts';
import type { AdvertHere } from './contract.ts';
import { findCampaigns } from './store.ts';

export interface AdvertsHere {
  /** What merchants' clips are planned for a community's screens in the next seven days, what is next first. Names no price. */
  advertsIn(communityId: string): Promise<readonly AdvertHere[]>;
}

interface AdvertParts {
  readonly content: Pick<Content, 'about' | 'posters'>;
  readonly merchants: Pick<Merchants, 'names'>;
}

const aheadMs = days(7);
/** A community's screens have no room for as many. */
const advertsMax = 500;
const milliPerTouch = 1_000;
const placementsOrder: readonly Placement[] = ['gate', 'unit-door', 'lift'];

export function createAdvertsHere({ store, clock }: Platform, { content, merchants }: AdvertParts): AdvertsHere {
  return {
    async advertsIn(communityId) {
      const q = store.read;
      const from = halfHourOf(clock.now());
      const planned = await plannedIn(q, communityId, { from, to: after(from, aheadMs) });
      const campaigns = await findCampaigns(
        q,
        planned.map(({ campaignId }) => campaignId),
      );
      const clipIds = [...campaigns.values()].map(({ clipId }) => clipId);
      const clips = await content.about(q, clipIds);
      const posters = await content.posters.ofClips(q, clipIds);
      const names = await merchants.names(
        q,
        planned.map(({ merchantId }) => merchantId),
      );
      const places = await placementsOf(q, communityId, { from, to: after(from, aheadMs) });
      return planned.flatMap(({ campaignId, merchantId, nextAt, plannedMilli }) => {
        const clip = clips.get(campaigns.get(campaignId)?.clipId ?? '');
        if (!clip) return [];
        return {
          campaignId,
          merchantName: names.get(merchantId) ?? '',
          clipTitle: clip.title,
          category: clip.category,
          posterUrl: posters.get(clip.id) ?? null,
          placements: placementsOrder.filter((one) => places.get(campaignId)?.has(one)),
          nextAt,
          touches: Math.round(plannedMilli / milliPerTouch),
        };
      });
    },
  };
}

interface Span {
  readonly from: InstantMs;
  readonly to: InstantMs;
}

const inSpan = (q: Reads, communityId: string, { from, to }: Span) => {
  const { bookingCells: t, bookings: b } = q.t;
  return and(eq(t.communityId, communityId), gte(t.at, from), lt(t.at, to), eq(b.status, 'paid'), isNull(b.pausedAt));
};

async function plannedIn(q: Reads, communityId: string, span: Span) {
  const { bookingCells: t, bookings: b } = q.t;
  const nextAt = sql<InstantMs>`min(${t.at})`.mapWith(t.at);
  return q
    .select({
      campaignId: t.campaignId,
      merchantId: t.merchantId,
      nextAt,
      plannedMilli: sql<number>`sum(${t.plannedMilli})`.mapWith(Number),
    })
    .from(t)
    .innerJoin(b, eq(b.id, t.bookingId))
    .where(inSpan(q, communityId, span))
    .groupBy(t.campaignId, t.merchantId)
    .orderBy(sql`min(${t.at})`, asc(t.campaignId))
    .limit(advertsMax);
}

/** At which doors each of them plays; a half-hour that was bought alone plays at any. */
async function placementsOf(
  q: Reads,
  communityId: string,
  span: Span,
): Promise<ReadonlyMap<string, ReadonlySet<Placement>>> {
  const { bookingCells: t, bookings: b } = q.t;
  const found = await q
    .selectDistinct({ campaignId: t.campaignId, placement: t.placement })
    .from(t)
    .innerJoin(b, eq(b.id, t.bookingId))
    .where(inSpan(q, communityId, span));
  const places = new Map<string, Set<Placement>>();
  for (const { campaignId, placement } of found) {
    const own = places.get(campaignId) ?? new Set();
    for (const one of placement === 'any' ? placementsOrder : [placement]) own.add(one);
    places.set(campaignId, own);
  }
  return places;
}
