import { days, instant, localTime, type InstantMs } from '@gatecast/firmware-protocol';
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Campaigns } from '../campaigns/service.ts';
import { daysOf, endOf } from '../campaigns/claims.ts';
import type { Communities } from '../communities/service.ts';
import type { Deals } from '../groupbuy/deals.ts';
import type { Orders } from '../groupbuy/orders.ts';
import type { As } from '../platform/auth.ts';
import type { Reads } from '../platform/db/store.ts';
import { notFound } from '../platform/errors.ts';
import type { Platform } from '../platform/platform.ts';
import type { Lift } from './contract.ts';
import { drawnDays, type DrawnDay } from './days.ts';
import { daysNeeded, isEnough, ordersMin } from './enough.ts';
import { estimateEffect, type Interval } from './estimate.ts';
import type { Holdouts } from './holdouts.ts';

export interface Lifts {
  /** Rejects with `not-found`, also for a campaign of somebody else. */
  of(who: As<'operator' | 'merchant'>, campaignId: string): Promise<Lift>;
}

export interface LiftParts {
  readonly campaigns: Pick<Campaigns, 'about' | 'lineItemsOf'>;
  readonly communities: Communities;
  readonly deals: Pick<Deals, 'about'>;
  readonly holdouts: Holdouts;
  readonly orders: Pick<Orders, 'countedAt'>;
}

/** Re-draws: the end of an interval is then right to a few thousandths of the chance. */
const draws = 999;
/** So long somebody may wait before they collect. */
const pickUpMs = days(7);

export function createLifts({ store, clock }: Platform, parts: LiftParts): Lifts {
  return {
    async of(who, campaignId) {
      const campaign = (await parts.campaigns.about(store.read, [campaignId])).get(campaignId);
      if (!campaign || (who.role === 'merchant' && campaign.merchantId !== who.merchantId)) throw notFound('campaign');
      const now = clock.now();
      const all = await parts.campaigns.lineItemsOf(store.read, campaignId);
      // Line items for people are held out by person, on the screen: no day of theirs differs from another.
      const lines = all.filter(({ product }) => product !== 'ten-people');
      const items = lines.map((row) => ({
        communityIds: row.communityIds,
        holdoutPpm: row.holdoutPpm,
        from: row.at,
        to: earlier(endOf(row), row.cancelledAt),
        days: daysOf(row),
        dayparts: row.dayparts ?? [],
      }));
      const holdoutPpm = Math.max(0, ...items.map((item) => item.holdoutPpm));
      const key = await parts.holdouts.keyOf(store.read, campaignId);
      const about = await parts.communities.about(store.read, [...new Set(items.flatMap((i) => i.communityIds))]);
      const drawn = drawnDays(items, (id) => about.get(id)?.zone, key, now);
      const counted = await countDays(store.read, parts, { ...campaign, zoneOf: (id) => about.get(id)?.zone }, drawn);
      const until = items.length === 0 ? null : items.reduce((last, { to }) => (to > last ? to : last), now);
      const isOver = items.every(({ to }) => to <= now);
      return {
        campaignId,
        holdoutPpm,
        until: isOver ? null : until,
        key: who.role === 'operator' && isOver && holdoutPpm > 0 ? key : null,
        ...(await tell(drawn, counted, {
          holdoutPpm,
          verifiedMilli: lines.reduce((sum, row) => sum + row.deliveredMilli, 0),
          seed: campaign.no,
          isRecent: drawn.some(({ day }) => Date.parse(day) + pickUpMs > now),
        })),
      };
    },
  };
}

const earlier = (end: InstantMs, cancelledAt: InstantMs | null): InstantMs =>
  cancelledAt !== null && cancelledAt < end ? cancelledAt : end;

/** Of each drawn day, in the same order. */
interface Counted {
  readonly orders: readonly number[];
  readonly pickedUp: readonly number[];
}

/** Every order of these communities at the store of the campaign's deal, or at any of its merchant's, on the days that were drawn. */
async function countDays(
  q: Reads,
  { deals, orders }: LiftParts,
  of: {
    readonly merchantId: string;
    readonly dealId: string | null;
    readonly zoneOf: (communityId: string) => string | undefined;
  },
  drawn: readonly DrawnDay[],
): Promise<Counted> {
  const days = drawn.map(({ day }) => Date.parse(day));
  if (days.length === 0) return { orders: [], pickedUp: [] };
  const deal = of.dealId === null ? undefined : (await deals.about(q, [of.dealId])).get(of.dealId);
  const rows = await orders.countedAt(q, {
    merchantId: of.merchantId,
    storeId: deal?.storeId ?? null,
    communityIds: [...new Set(drawn.map(({ communityId }) => communityId))],
    ...spanAround(days),
  });
  const byDay = new Map<string, { orders: number; pickedUp: number }>();
  for (const row of rows) {
    const name = `${row.communityId}|${localTime(row.at, of.zoneOf(row.communityId) ?? 'UTC').date}`;
    const known = byDay.get(name) ?? { orders: 0, pickedUp: 0 };
    byDay.set(name, { orders: known.orders + row.orders, pickedUp: known.pickedUp + row.pickedUp });
  }
  const found = drawn.map(({ communityId, day }) => byDay.get(`${communityId}|${day}`));
  return { orders: found.map((one) => one?.orders ?? 0), pickedUp: found.map((one) => one?.pickedUp ?? 0) };
}

/** All moments that are on one of these dates somewhere in the world. */
function spanAround(midnights: readonly number[]): { readonly from: InstantMs; readonly to: InstantMs } {
  let [first = 0] = midnights;
  let last = first;
  for (const midnight of midnights) {
    first = Math.min(first, midnight);
    last = Math.max(last, midnight);
  }
  return { from: instant(first - days(1)), to: instant(last + days(2)) };
}

interface TellOptions {
  readonly holdoutPpm: number;
  readonly verifiedMilli: number;
  readonly seed: number;
  readonly isRecent: boolean;
}

type Told = Omit<Lift, 'campaignId' | 'holdoutPpm' | 'until' | 'key'>;

const sum = (numbers: readonly number[]): number => numbers.reduce((a, b) => a + b, 0);

/** What may be said of these days: an interval, or that there is too little for one. */
export async function tell(
  drawn: readonly DrawnDay[],
  { orders, pickedUp }: Counted,
  { holdoutPpm, verifiedMilli, seed, isRecent }: TellOptions,
): Promise<Told> {
  const communities = new Set(drawn.map(({ communityId }) => communityId)).size;
  const heldOut = drawn.flatMap(({ isHeldOut }, n) => (isHeldOut ? [orders[n] ?? 0] : []));
  const facts = {
    communities,
    communityDays: drawn.length,
    heldOutDays: heldOut.length,
    orders: sum(orders),
    pickedUp: sum(pickedUp),
    verifiedTouches: Math.floor(verifiedMilli / 1_000),
    usualOrdersPerDay: heldOut.length === 0 ? null : sum(heldOut) / heldOut.length,
  };
  const silent = { ordersPerDay: null, pickedUpPerDay: null, ordersPerThousandTouches: null, caveats: [] };
  if (holdoutPpm === 0) return { ...facts, ...silent, state: 'no-holdout', neededDays: null };
  const options = { draws, seed, pause: () => nextTurn() };
  const effect = isEnough(drawn, facts.orders) ? await estimateEffect(drawn, orders, options) : undefined;
  if (!effect) return { ...facts, ...silent, state: 'too-little', neededDays: daysNeeded(drawn, orders, holdoutPpm) };
  return {
    ...facts,
    state: 'told',
    neededDays: null,
    ordersPerDay: effect,
    pickedUpPerDay: facts.pickedUp < ordersMin ? null : ((await estimateEffect(drawn, pickedUp, options)) ?? null),
    ordersPerThousandTouches: perThousand(effect, drawn.length - heldOut.length, verifiedMilli),
    caveats: [
      'carry-over',
      ...(communities > 1 ? (['neighbours'] as const) : []),
      ...(isRecent ? (['recent-pick-ups'] as const) : []),
    ],
  };
}

/** The touches are known; only the orders are estimated. */
function perThousand(effect: Interval, treatedDays: number, verifiedMilli: number): Interval | null {
  if (verifiedMilli === 0) return null;
  const factor = (treatedDays * 1_000_000) / verifiedMilli;
  return { estimate: effect.estimate * factor, low: effect.low * factor, high: effect.high * factor };
}
