import { hours, minutes, after, type InstantMs } from '@gatecast/firmware-protocol';
import { capOverlap } from '../campaigns/campaign-cap.ts';
import { hasOpenCells, sumsOf } from '../campaigns/cells.ts';
import { whileFresh } from '../campaigns/claim-changes.ts';
import { endOf } from '../campaigns/claims.ts';
import type { Closed } from '../campaigns/demand.ts';
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
import { closedTo, type ClosedParts } from './closed.ts';
import { extraSpan, hoursOf, makeGoodDays, mayBeMadeGood, missingTouches, reasonOf } from './make-good.ts';
import { offSale, type OffSaleParts } from './off-sale.ts';
import type { MakeGoodReason } from './schema.ts';
import * as rows from './store.ts';

export interface EndParts extends OffSaleParts, ClosedParts {
  readonly campaigns: Campaigns;
  readonly content: OffSaleParts['content'] & ClosedParts['content'];
  readonly inventory: OffSaleParts['inventory'] & ClosedParts['inventory'];
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
  if (mayBeMadeGood(row, before.length) && (await makeGood(platform, parts, row, before))) return;
  await store.tx(async (q) => {
    const refundFen = await settle(platform, q, id, parts.settlement);
    if (refundFen === null) return;
    await rows.dropOutlook(q, id);
    const facts = { ended: true, missingTouches: missingTouches(row), refundFen };
    await events.emit(q, { type: 'delivery', subject: id, facts, merchantId: row.merchantId });
  });
}

/**
 * True if the line item was prolonged: in its own communities and hours, by the fewest days that have what is missing beside all that is sold, where it may be
 * shown as things stand. Days in which its merchant is suspended or its clip is stopped would be none.
 */
async function makeGood(
  platform: Platform,
  parts: EndParts,
  row: BookingRow,
  before: readonly rows.MakeGoodRow[],
): Promise<boolean> {
  const { store, clock } = platform;
  const communityIds = [...(await placesOfLineItem(store.read, row))];
  const about = await parts.communities.about(store.read, communityIds);
  const spans = makeGoodDays.map((added) => extraSpan(clock.now(), endOf(row), added));
  const [first = extraSpan(clock.now(), endOf(row), 0)] = spans;
  const between = { from: first.from, to: spans.at(-1)?.to ?? first.to };
  const closedThere = await closedTo(store.read, parts, {
    lines: [{ row }],
    communities: [...about.values()],
    between,
  });
  const mayNot = closedThere({ row });
  const closed: Closed = (...there) => {
    const why = mayNot(...there);
    // Days that are held out are added by whoever asks what is left.
    return why === 'held-out' ? null : why;
  };
  const zone = about.get(row.communityId)?.zone ?? 'Asia/Shanghai';
  const reason = await whyMissed(platform, parts, row, { communityIds, last: before.at(-1) });
  const extra = { no: before.length + 1, reason, communityIds, zone, closed };
  for (const span of spans) if (await prolongBy(platform, parts, row, { ...extra, ...span })) return true;
  return false;
}

/** Why something is missing; of one that was prolonged already, what it was to get and got planned since. */
async function whyMissed(
  { store }: Platform,
  parts: EndParts,
  row: BookingRow,
  { communityIds, last }: { readonly communityIds: readonly string[]; readonly last: rows.MakeGoodRow | undefined },
): Promise<MakeGoodReason> {
  const q = store.read;
  const from = last?.fromAt ?? row.at;
  const sums = (await sumsOf(q, row.id)).filter(({ at }) => at >= from);
  // Where more came than was planned less was planned later.
  const plannedMilli = sums.reduce((sum, one) => sum + Math.max(one.plannedMilli, one.deliveredMilli), 0);
  const ran = { campaignId: row.campaignId, communityIds: [...communityIds], from: row.at, to: endOf(row) };
  return reasonOf({
    ...(await offSale(q, parts, row, communityIds)),
    ...(await parts.exposures.silent(q, ran)),
    owedMilli: last?.missingMilli ?? row.touches * 1_000,
    plannedMilli,
  });
}

interface Extra {
  readonly no: number;
  readonly reason: MakeGoodReason;
  readonly communityIds: string[];
  readonly zone: string;
  readonly closed: Closed;
  readonly from: InstantMs;
  readonly to: InstantMs;
}

async function prolongBy(
  platform: Platform,
  parts: EndParts,
  row: BookingRow,
  { no, reason, communityIds, zone, closed, from, to }: Extra,
): Promise<boolean> {
  const { store, clock, events } = platform;
  const { campaigns } = parts;
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
  // Another line item of the campaign has these days to itself.
  if ((await capOverlap(store.read, { ...wish, id: row.id })) !== null) return false;
  return whileFresh(async () => {
    const priced = await campaigns.quotes.price(ourselves, wish, { id: row.id, closed });
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
