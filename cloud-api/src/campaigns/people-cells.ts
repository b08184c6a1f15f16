import type { InstantMs } from '@gatecast/firmware-protocol';
import type { JournalRow, PlayBody } from '@gatecast/firmware-protocol/messages';
import { and, eq, gt, inArray } from 'drizzle-orm';
import type { Reads, Tx } from '../platform/db/store.ts';
import { readPlayRows } from '../plays/rows-read.ts';
import { endOf } from './claims.ts';
import type { BookingRow } from './store.ts';

type ReachingPlay = PlayBody & { readonly reached: string };

/** Plays that say that somebody was reached. Most rows say nothing of the kind, and are not read for it. */
export function reachingIn(arrived: readonly JournalRow[]): ReachingPlay[] {
  const own = arrived.filter(({ kind, body }) => kind === 'play' && 'reached' in body);
  return readPlayRows(own).known.flatMap((row) => {
    const reached = row.kind === 'play' && row.body.viewable ? row.body.reached : undefined;
    return row.kind === 'play' && reached !== undefined ? [{ ...row.body, reached }] : [];
  });
}

/**
 * Half-hours in which a line item that stops at so many people reached somebody, so that they are reported and billed as any that were planned. It is not
 * planned ahead: who opted in may come at any time. What is shown after its end is nobody's.
 */
export async function addPeopleCells(q: Tx, communityId: string, plays: readonly ReachingPlay[]): Promise<void> {
  if (plays.length === 0) return;
  const { bookings: b, bookingPlaces: p } = q.t;
  const ids = [...new Set(plays.map(({ reached }) => reached))];
  const found = await q
    .select({ row: b })
    .from(b)
    .innerJoin(p, eq(p.bookingId, b.id))
    .where(
      and(
        inArray(b.id, ids),
        eq(p.communityId, communityId),
        eq(b.product, 'ten-people'),
        inArray(b.status, ['paid', 'ended']),
      ),
    );
  const rowOf = new Map(found.map(({ row }) => [row.id, row]));
  const cells = new Map(
    plays.flatMap((play) => {
      const row = rowOf.get(play.reached);
      if (!row || row.campaignId !== play.campaign || !runsAt(row, play.halfHour)) return [];
      const { id: bookingId, campaignId, merchantId } = row;
      const whose = { bookingId, campaignId, merchantId, communityId, at: play.halfHour };
      const cell = {
        ...whose,
        placement: play.placement,
        plannedMilli: 0,
        sharePpm: 0,
        keptPpm: null,
        deliveredMilli: null,
      };
      return [[`${bookingId}|${play.halfHour}`, cell] as const];
    }),
  );
  await q.insertMany(q.t.bookingCells, [...cells.values()], { onConflict: 'nothing' });
}

const runsAt = (row: BookingRow, at: InstantMs): boolean => at >= row.at && at < endOf(row);

/** Where line items that stop at so many people run that a clip or a merchant has: nothing of them is planned ahead. */
export async function peopleCommunities(
  q: Reads,
  whose: { readonly clipId: string } | { readonly merchantId: string },
  from: InstantMs,
): Promise<string[]> {
  const { bookings: b, bookingPlaces: p, campaigns: c } = q.t;
  const found = await q
    .selectDistinct({ communityId: p.communityId })
    .from(p)
    .innerJoin(b, eq(b.id, p.bookingId))
    .innerJoin(c, eq(c.id, b.campaignId))
    .where(
      and(
        eq(b.product, 'ten-people'),
        eq(b.status, 'paid'),
        gt(b.toAt, from),
        'clipId' in whose ? eq(c.clipId, whose.clipId) : eq(b.merchantId, whose.merchantId),
      ),
    );
  return found.map(({ communityId }) => communityId);
}
