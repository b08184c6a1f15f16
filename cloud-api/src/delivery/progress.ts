import { after, halfHourMs, type InstantMs } from '@gatecast/firmware-protocol';
import { localDateOf } from '../audience/local-day.ts';
import { sumsOf, type HalfHourSum } from '../campaigns/cells.ts';
import { findLineItem, placesOfLineItem, type BookingRow } from '../campaigns/line-item-ends.ts';
import type { Campaigns } from '../campaigns/service.ts';
import type { Communities } from '../communities/service.ts';
import type { Exposures } from '../exposure/service.ts';
import { unitOf } from '../inventory/products.ts';
import type { As } from '../platform/auth.ts';
import { notFound } from '../platform/errors.ts';
import type { Platform } from '../platform/platform.ts';
import type { Progress } from './contract.ts';
import { dueMilli } from './pacing.ts';
import * as rows from './store.ts';

export interface ProgressParts {
  readonly campaigns: Campaigns;
  readonly communities: Communities;
  readonly exposures: Exposures;
}

const whole = (milli: number): number => Math.max(0, Math.floor(milli / 1_000));

/** How a line item of the caller's does. Rejects with `not-found`. */
export async function progressOf(
  { store, clock }: Platform,
  { campaigns, communities, exposures }: ProgressParts,
  who: As<'operator' | 'merchant'>,
  id: string,
): Promise<Progress> {
  await campaigns.bookings.get(who, id);
  const q = store.read;
  const row = await findLineItem(q, id);
  if (!row) throw notFound('booking');
  const now = clock.now();
  const communityIds = await placesOfLineItem(q, row);
  const sums = await sumsOf(q, id);
  const zone = (await communities.about(q, [row.communityId])).get(row.communityId)?.zone ?? 'Asia/Shanghai';
  const outlook = (await rows.outlooksOf(q, [id])).get(id);
  const until = after(sums.at(-1)?.at ?? row.at, halfHourMs);
  const filtered = await exposures.notCounted(q, { campaignId: row.campaignId, communityIds, from: row.at, to: until });
  return {
    bookingId: id,
    unit: unitOf(row.product),
    boughtTouches: row.touches,
    verifiedTouches: whole(row.deliveredMilli),
    estimatedOpenTouches: whole(sums.reduce((sum, { openMilli, at }) => sum + dueMilli(openMilli, at, now), 0)),
    state: stateOf(row, outlook, now),
    outlook: outlook
      ? {
          expectedTouches: whole(outlook.expectedMilli),
          lowTouches: whole(outlook.lowMilli),
          highTouches: whole(outlook.highMilli),
          madeAt: outlook.madeAt,
        }
      : null,
    behindSince: outlook?.behindSince ?? null,
    days: byDay(sums, filtered, zone),
    makeGoods: (await rows.makeGoodsOf(q, id)).map(({ bookingId: _id, missingMilli, ...madeGood }) => ({
      ...madeGood,
      missingTouches: whole(missingMilli),
    })),
    refundedFen: row.refundedFen,
    settledAt: row.settledAt,
  };
}

function stateOf(row: BookingRow, outlook: rows.OutlookRow | undefined, now: InstantMs): Progress['state'] {
  if (row.settledAt !== null || (row.status !== 'paid' && row.status !== 'held')) return 'ended';
  if (row.pausedAt !== null) return 'paused';
  if (row.status === 'held') return 'waiting';
  if (outlook) return outlook.behindSince === null ? 'on-course' : 'behind';
  return now < row.at ? 'waiting' : 'on-course';
}

/** A line item's half-hours by the local days of a zone. Of each the milli-touches are added up before they are rounded. */
export function byDay(
  sums: readonly HalfHourSum[],
  filtered: readonly { readonly at: InstantMs; readonly plays: number }[],
  zone: string,
): Progress['days'] {
  const plays = Map.groupBy(filtered, ({ at }) => localDateOf(at, zone));
  return [...Map.groupBy(sums, ({ at }) => localDateOf(at, zone))].map(([date, own]) => {
    const sum = (of: (one: HalfHourSum) => number) => whole(own.reduce((all, one) => all + of(one), 0));
    return {
      date,
      plannedTouches: sum((one) => one.plannedMilli),
      verifiedTouches: sum((one) => one.deliveredMilli),
      openTouches: sum((one) => one.openMilli),
      filteredPlays: (plays.get(date) ?? []).reduce((all, one) => all + one.plays, 0),
    };
  });
}
