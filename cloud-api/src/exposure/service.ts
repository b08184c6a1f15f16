import { after, halfHourMs, instant, type InstantMs } from '@gatecast/firmware-protocol';
import type { BoughtHalfHour, Campaigns } from '../campaigns/service.ts';
import type { Communities } from '../communities/service.ts';
import type { As } from '../platform/auth.ts';
import type { Page } from '../platform/contract.ts';
import { pageOf, pageSizeDefault } from '../platform/cursor.ts';
import type { Paging } from '../platform/newest-first.ts';
import type { Platform } from '../platform/platform.ts';
import { readPlayRows } from '../plays/rows-read.ts';
import type { Closing, Plays } from '../plays/service.ts';
import type { Exposure } from './contract.ts';
import { countExposure, isClosed } from './rules.ts';

export interface Exposures {
  /** What campaigns got in the half-hours that they bought, the latest first. */
  list(
    who: As<'operator' | 'merchant'>,
    query: Paging & { readonly campaignId?: string | undefined },
  ): Promise<Page<Exposure>>;
}

export interface ExposureParts {
  readonly campaigns: Campaigns;
  readonly communities: Communities;
  readonly plays: Plays;
}

export function createExposures(platform: Platform, parts: ExposureParts): Exposures {
  const { store } = platform;
  announceClosings(platform, parts);
  return {
    async list(who, { campaignId, cursor, limit = pageSizeDefault }) {
      const merchantId = who.role === 'merchant' ? who.merchantId : undefined;
      const bought = await parts.campaigns.bought(store.read, { merchantId, campaignId, cursor }, limit + 1);
      const page = pageOf(
        bought,
        limit,
        (b) => [b.at, b.campaignId, b.communityId],
        (b) => b,
      );
      return { ...page, items: await measure(platform, parts, page.items) };
    },
  };
}

async function measure(
  { store, clock }: Platform,
  parts: ExposureParts,
  bought: readonly BoughtHalfHour[],
): Promise<Exposure[]> {
  if (bought.length === 0) return [];
  const between = spanOf(bought);
  const plays = await parts.plays.of(
    store.read,
    bought.map(({ campaignId, communityId, at: halfHour }) => ({ campaignId, communityId, halfHour })),
  );
  const places = new Map<string, { name: string; closing: Closing }>();
  for (const id of new Set(bought.map((b) => b.communityId))) {
    const { name } = await parts.communities.get(store.read, id);
    places.set(id, { name, closing: await parts.plays.closing(store.read, id, between) });
  }
  return bought.map((b) => {
    const place = places.get(b.communityId);
    const own = plays.filter(
      (p) => p.campaignId === b.campaignId && p.communityId === b.communityId && p.halfHour === b.at,
    );
    const closed = place !== undefined && isFinal(place.closing, b.at, clock.now());
    return {
      campaignId: b.campaignId,
      communityId: b.communityId,
      communityName: place?.name ?? '',
      at: b.at,
      bookedTouches: b.touches,
      priceFen: b.priceFen,
      ...(closed ? { state: 'closed' as const, ...countExposure(own) } : notYet),
    };
  });
}

const notYet = {
  state: 'open',
  rendered: null,
  viewable: null,
  completed: null,
  verified: null,
  verifiedMilliTouches: null,
  ambient: null,
} as const;

const isFinal = (closing: Closing, at: InstantMs, now: InstantMs): boolean =>
  isClosed(after(at, halfHourMs), now, closing.inService(at), closing.closedBy(at));

function spanOf(bought: readonly BoughtHalfHour[]): { readonly from: InstantMs; readonly to: InstantMs } {
  const starts = bought.map((b) => b.at);
  return { from: instant(Math.min(...starts)), to: after(instant(Math.max(...starts)), halfHourMs) };
}

/** Tells merchants that a half-hour which they bought is final, as soon as the last screen has closed it. */
function announceClosings({ journal, events, clock }: Platform, parts: ExposureParts): void {
  journal.on('play', async (q, { communityId, rows }) => {
    const halfHours = readPlayRows(rows).known.flatMap((row) => (row.kind === 'half-hour' ? [row.body.at] : []));
    for (const at of new Set(halfHours)) {
      const closing = await parts.plays.closing(q, communityId, { from: at, to: after(at, halfHourMs) });
      if (!isFinal(closing, at, clock.now())) continue;
      const buyers = await parts.campaigns.buyersOf(q, communityId, at);
      const byCampaign = new Map(buyers.map((b) => [b.campaignId, b.merchantId]));
      const facts = { at, communityId };
      await events.emit(
        q,
        ...[...byCampaign].map(([subject, merchantId]) => ({ type: 'half-hour' as const, subject, facts, merchantId })),
      );
    }
  });
}
