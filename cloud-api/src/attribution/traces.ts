import { after, halfHourMs, instant } from '@gatecast/firmware-protocol';
import type { Campaigns } from '../campaigns/service.ts';
import type { Communities } from '../communities/service.ts';
import type { Deals } from '../groupbuy/deals.ts';
import type { Orders } from '../groupbuy/orders.ts';
import type { As } from '../platform/auth.ts';
import type { Page } from '../platform/contract.ts';
import type { Paging } from '../platform/newest-first.ts';
import { isClosed } from '../exposure/rules.ts';
import type { Platform } from '../platform/platform.ts';
import type { Closing, Plays } from '../plays/service.ts';
import { traceSums } from './campaign-sums.ts';
import type { Trace } from './contract.ts';
import { furthest, reachedBy } from './rules.ts';
import { listVisits, type VisitRow } from './store.ts';

export interface Traces {
  /** Play → visit → order → pick-up, the newest visit first. */
  list(
    who: As<'operator' | 'merchant'>,
    query: Paging & { readonly campaignId?: string | undefined; readonly dealId?: string | undefined },
  ): Promise<Page<Trace>>;
  sums: typeof traceSums;
}

export interface TraceParts {
  readonly campaigns: Campaigns;
  readonly communities: Communities;
  readonly deals: Deals;
  readonly orders: Orders;
  readonly plays: Plays;
}

export function createTraces(platform: Platform, parts: TraceParts): Traces {
  const { store } = platform;
  return {
    sums: traceSums,
    async list(who, query) {
      const merchantId = who.role === 'merchant' ? who.merchantId : undefined;
      const { rows: found, list } = await listVisits(store.read, { ...query, merchantId });
      const page = list.page(
        found,
        (row) => row.at,
        (row) => row,
      );
      return { ...page, items: await follow(platform, parts, who, page.items) };
    },
  };
}

async function follow(
  platform: Platform,
  parts: TraceParts,
  who: As<'operator' | 'merchant'>,
  visits: readonly VisitRow[],
): Promise<Trace[]> {
  if (visits.length === 0) return [];
  const q = platform.store.read;
  const campaigns = await parts.campaigns.about(
    q,
    visits.map((v) => v.campaignId),
  );
  const deals = await parts.deals.about(
    q,
    visits.flatMap((v) => (v.dealId === null ? [] : [v.dealId])),
  );
  const orders = await parts.orders.ofVisits(
    q,
    visits.map((v) => v.id),
  );
  const plays = await playsBehind(platform, parts, who, visits);
  const places = await placeNames(q, parts, visits);
  return visits.map((visit) => {
    const order = furthest(orders.filter((o) => o.visitId === visit.id));
    return {
      visitId: visit.id,
      campaignId: visit.campaignId,
      campaignName: campaigns.get(visit.campaignId)?.name ?? null,
      dealId: visit.dealId,
      dealTitle: deals.get(visit.dealId ?? '')?.title ?? null,
      communityName: places.get(visit.communityId) ?? '',
      entranceName: places.get(visit.entranceId) ?? '',
      play: plays(visit),
      visit: { at: visit.at },
      order: order && { id: order.id, at: order.createdAt, totalFen: order.totalFen, status: order.status },
      pickup: order?.pickedUpAt ? { at: order.pickedUpAt } : null,
      reached: reachedBy(order),
    };
  });
}

type Q = Platform['store']['read'];

/**
 * The plays of the code's campaign at its screen in its half-hour: not to the second, and nobody's touch. While the half-hour is open
 * a merchant learns only of the one that the scan proves: a counter that ticks would tell when people come home.
 */
async function playsBehind(
  { store: { read: q }, clock }: Platform,
  { plays }: TraceParts,
  who: As<'operator' | 'merchant'>,
  visits: readonly VisitRow[],
) {
  const found = await plays.of(q, visits);
  const names = await plays.names.of(
    q,
    found.map((p) => p.clip),
  );
  const closings = who.role === 'merchant' ? await closingsOf(q, plays, visits) : undefined;
  const mayCount = ({ communityId, halfHour }: VisitRow): boolean => {
    if (!closings) return true;
    const closing = closings.get(communityId);
    const ends = after(halfHour, halfHourMs);
    return !!closing && isClosed(ends, clock.now(), closing.inService(halfHour), closing.closedBy(halfHour));
  };
  return (visit: VisitRow): Trace['play'] => {
    const own = found.filter(
      (p) => p.campaignId === visit.campaignId && p.terminalId === visit.terminalId && p.halfHour === visit.halfHour,
    );
    const [first] = own;
    if (!first) return null;
    const count = mayCount(visit) ? own.length : 1;
    return { halfHour: visit.halfHour, clipTitle: names.get(first.clip)?.title ?? '', plays: count };
  };
}

async function closingsOf(q: Q, plays: Plays, visits: readonly VisitRow[]): Promise<ReadonlyMap<string, Closing>> {
  const halfHours = visits.map((v) => v.halfHour);
  const between = { from: instant(Math.min(...halfHours)), to: after(instant(Math.max(...halfHours)), halfHourMs) };
  const closings = new Map<string, Closing>();
  for (const id of new Set(visits.map((v) => v.communityId))) closings.set(id, await plays.closing(q, id, between));
  return closings;
}

async function placeNames(q: Q, { communities }: TraceParts, visits: readonly VisitRow[]) {
  const names = new Map<string, string>();
  for (const id of new Set(visits.map((v) => v.communityId))) names.set(id, (await communities.get(q, id)).name);
  for (const id of new Set(visits.map((v) => v.entranceId))) names.set(id, (await communities.entrance(q, id)).name);
  return names;
}
