import type { InstantMs } from '@gatecast/firmware-protocol';
import { and, asc, eq, gt, isNull, lt } from 'drizzle-orm';
import type { Span } from '../inventory/sellable.ts';
import type { Holdouts } from '../lift/holdouts.ts';
import type { Reads } from '../platform/db/store.ts';
import type { Privacy } from '../platform/privacy.ts';
import type { Plays } from '../plays/service.ts';
import { daysOf, endOf } from './claims.ts';
import { halfHoursOf } from './line-item.ts';
import { goalsOf, type GoalOf, type PeopleScreen } from './people-goals.ts';
import { peopleLinesMax } from './people-offer.ts';
import { placesOf, type BookingRow, type OwedCell } from './store.ts';

export interface PeopleParts {
  readonly privacy: Pick<Privacy, 'poolsAtLeast'>;
  readonly plays: Pick<Plays, 'reachedBy'>;
  readonly holdouts: Holdouts;
}

/** A half-hour of such a line item, as an owed cell. */
export interface PeopleCell extends Pick<
  OwedCell,
  'campaignId' | 'merchantId' | 'at' | 'placement' | 'plannedMilli' | 'pausedAt' | 'sharePpm' | 'segment' | 'holdoutPpm'
> {
  readonly goalOf: GoalOf;
}

/** Half-hours of all that runs here and stops at so many people. They are not planned ahead: whoever opted in may come at any of them. */
export async function peopleCells(
  q: Reads,
  { plays, holdouts, privacy }: PeopleParts,
  here: {
    readonly communityId: string;
    readonly zone: string;
    readonly screens: readonly PeopleScreen[];
    readonly day: number;
  },
  span: Span,
): Promise<PeopleCell[]> {
  // Of fewer nobody hears a number: what was sold before some of them thought better of it rests.
  if (!(await privacy.poolsAtLeast(q, [here.communityId])).has(here.communityId)) return [];
  const cells: PeopleCell[] = [];
  for (const row of await running(q, here.communityId, span)) {
    const { id, campaignId, merchantId, holdoutPpm, at: from, dayparts, placements } = row;
    const communities = (await placesOf(q, [id])).get(id) ?? [row.communityId];
    const reached = await plays.reachedBy(q, { campaignId, lineItem: id, from });
    const keys = {
      holdout: holdoutPpm > 0 ? await holdouts.keyOf(q, `${campaignId}|people`) : null,
      among: await holdouts.keyOf(q, `${id}|screens`),
    };
    const goalOf = goalsOf({ ...row, until: endOf(row) }, communities, reached, here, keys);
    const to = endOf(row);
    const when = { from: later(from, span.from), to: to < span.to ? to : span.to, days: daysOf(row) };
    const bounds = { ...when, dayparts: dayparts ?? [] };
    const where = placements === null || placements.length === 0 ? (['any'] as const) : placements;
    const owed = {
      plannedMilli: row.touches * 1_000,
      sharePpm: null,
      segment: 'all' as const,
      holdoutPpm,
      pausedAt: null,
    };
    for (const at of halfHoursOf(bounds, here.zone))
      for (const placement of where) cells.push({ campaignId, merchantId, at, placement, ...owed, goalOf });
  }
  return cells;
}

const later = (a: InstantMs, b: InstantMs): InstantMs => (a > b ? a : b);

async function running(q: Reads, communityId: string, { from, to }: Span): Promise<BookingRow[]> {
  const { bookings: b, bookingPlaces: p } = q.t;
  const found = await q
    .select({ row: b })
    .from(p)
    .innerJoin(b, eq(b.id, p.bookingId))
    .where(
      and(
        eq(p.communityId, communityId),
        eq(b.product, 'ten-people'),
        eq(b.status, 'paid'),
        isNull(b.pausedAt),
        isNull(b.cancelledAt),
        lt(b.at, to),
        gt(b.toAt, from),
      ),
    )
    .orderBy(asc(b.createdAt), asc(b.id))
    .limit(peopleLinesMax);
  return found.map(({ row }) => row);
}
