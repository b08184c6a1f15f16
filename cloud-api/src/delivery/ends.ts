import { hours, minutes, after, type InstantMs } from '@gatecast/firmware-protocol';
import { hasOpenCells } from '../campaigns/cells.ts';
import { whileFresh } from '../campaigns/claim-changes.ts';
import { endOf } from '../campaigns/claims.ts';
import {
  findLineItem,
  hasReachedAll,
  knownBy,
  overSince,
  placesOfLineItem,
  prolong,
  settle,
  type BookingRow,
} from '../campaigns/line-item-ends.ts';
import type { Campaigns } from '../campaigns/service.ts';
import type { Communities } from '../communities/service.ts';
import type { Exposures } from '../exposure/service.ts';
import type { Operator } from '../platform/auth.ts';
import type { Reads } from '../platform/db/store.ts';
import type { Platform } from '../platform/platform.ts';
import type { Settlement } from '../settlement/service.ts';
import { extraSpan, hoursOf, makeGoodDays, mayBeMadeGood, missingTouches, reasonOf } from './make-good.ts';
import { offSale, type OffSaleParts } from './off-sale.ts';
import * as rows from './store.ts';

export interface EndParts extends OffSaleParts {
  readonly campaigns: Campaigns;
  readonly communities: Communities;
  readonly exposures: Exposures;
  readonly settlement: Settlement;
}

const lookEveryMs = minutes(5);
/** Line items over a day are looked at together at most. */
const lookAtMax = 5_000;
/** After a day all is reported; whoever writes the reports has another hour. */
const reportingMs = hours(1);

/** Who asks on behalf of a line item that fell short. */
const ourselves: Operator = {
  kind: 'account',
  role: 'operator',
  accountId: 'system',
  sessionId: 'system',
  scopes: null,
};

/** Settles what is over: prolongs what fell short where that is to be had, else sends back the price of what is missing. */
export function settleEnds(platform: Platform, parts: EndParts): (signal: AbortSignal) => Promise<void> {
  const { jobs, store, clock } = platform;
  const settleOver = async (signal: AbortSignal): Promise<void> => {
    const now = clock.now();
    for (const row of await overSince(store.read, now, lookAtMax)) {
      if (signal.aborted) return;
      if (await isKnown(store.read, row, now)) await endLine(platform, parts, row.id);
    }
  };
  jobs.handle('delivery.settle', {
    everyMs: lookEveryMs,
    renewsLease: true,
    run: (_, { signal }) => settleOver(signal),
  });
  return settleOver;
}

/**
 * Whether everything is told that is going to count. Of a line item that stops at so many people no half-hour is planned that could be open: a screen that is
 * away may have reached somebody in any.
 */
async function isKnown(q: Reads, row: BookingRow, now: InstantMs): Promise<boolean> {
  if (hasReachedAll(row) || now >= after(knownBy(endOf(row)), reportingMs)) return true;
  return row.product !== 'ten-people' && !(await hasOpenCells(q, row.id));
}

async function endLine(platform: Platform, parts: EndParts, id: string): Promise<void> {
  const { store, events } = platform;
  const row = await findLineItem(store.read, id);
  if (!row) return;
  const before = await rows.makeGoodsOf(store.read, id);
  if (mayBeMadeGood(row, before.length) && (await makeGood(platform, parts, row, before.length + 1))) return;
  await store.tx(async (q) => {
    const refundFen = await settle(platform, q, id, parts.settlement);
    if (refundFen === null) return;
    await rows.dropOutlook(q, id);
    const facts = { ended: true, missingTouches: missingTouches(row), refundFen };
    await events.emit(q, { type: 'delivery', subject: id, facts, merchantId: row.merchantId });
  });
}

/** True if the line item was prolonged: in its own communities and hours, by the fewest days that have what is missing beside all that is sold. */
async function makeGood(platform: Platform, parts: EndParts, row: BookingRow, no: number): Promise<boolean> {
  const { store, clock } = platform;
  const communityIds = [...(await placesOfLineItem(store.read, row))];
  const zone = (await parts.communities.about(store.read, communityIds)).get(row.communityId)?.zone ?? 'Asia/Shanghai';
  for (const added of makeGoodDays) {
    const span = extraSpan(clock.now(), endOf(row), added);
    if (await prolongBy(platform, parts, row, { no, communityIds, zone, ...span })) return true;
  }
  return false;
}

interface Extra {
  readonly no: number;
  readonly communityIds: string[];
  readonly zone: string;
  readonly from: InstantMs;
  readonly to: InstantMs;
}

async function prolongBy(
  platform: Platform,
  parts: EndParts,
  row: BookingRow,
  { no, communityIds, zone, from, to }: Extra,
): Promise<boolean> {
  const { store, clock, events } = platform;
  const { campaigns, exposures } = parts;
  const { campaignId, segment, dayCapTouches, holdoutPpm } = row;
  const missing = missingTouches(row);
  const dayparts = hoursOf(row, zone);
  const shown = dayparts.map((one) => ({ ...one, weekdays: [...one.weekdays] }));
  const targeting = {
    communityIds,
    from,
    to,
    days: null,
    dayparts: shown,
    placements: [...(row.placements ?? [])],
    segment,
  };
  const wish = { ...targeting, campaignId, product: 'touches' as const, touches: missing, dayCapTouches, holdoutPpm };
  const ran = { campaignId, communityIds, from: row.at, to: endOf(row) };
  const unsold = await offSale(store.read, parts, row, communityIds);
  const reason = reasonOf({ ...unsold, ...(await exposures.silent(store.read, ran)) });
  return whileFresh(async () => {
    const priced = await campaigns.quotes.price(ourselves, wish, row.id);
    if (priced.availableMilli < priced.wantedMilli) return false;
    return store.tx(async (q) => {
      const soldLines = priced.found.quote.sold;
      const longer = await prolong(platform, q, row, { toAt: to, dayparts, soldLines, seen: priced.version });
      // Somebody has moved or settled it since: the next look sees how it stands.
      if (!longer) return true;
      const missingMilli = row.touches * 1_000 - row.deliveredMilli;
      const span = { fromAt: from, toAt: to };
      await rows.addMakeGood(q, {
        bookingId: row.id,
        no,
        madeAt: clock.now(),
        reason,
        missingMilli,
        ...span,
      });
      await rows.wantPlan(q);
      const facts = { madeGood: true, reason, missingTouches: missing, toAt: to };
      await events.emit(q, { type: 'delivery', subject: row.id, facts, merchantId: row.merchantId });
      return true;
    });
  });
}
