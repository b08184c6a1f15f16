import type { InstantMs } from '@gatecast/firmware-protocol';
import { and, asc, eq, gt, inArray, isNull, lt, lte } from 'drizzle-orm';
import type { Span } from '../inventory/sellable.ts';
import type { Holdouts } from '../lift/holdouts.ts';
import type { Reads, Tx } from '../platform/db/store.ts';
import type { Privacy } from '../platform/privacy.ts';
import type { Plays } from '../plays/service.ts';
import { daysOf, endOf } from './claims.ts';
import { halfHoursOf } from './line-item.ts';
import { goalsOf, newLot, type GoalOf, type LotScreen, type PeopleScreen } from './people-goals.ts';
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
  q: Tx,
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
    const lot = await lotOf(q, row, here);
    const goalOf = goalsOf({ ...row, until: endOf(row) }, communities, reached, { ...here, lot }, keys);
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

/** The screens that share the people of a community for a line item: chosen when it is first told to any, and never again. */
async function lotOf(
  q: Tx,
  row: BookingRow,
  { communityId, screens }: { readonly communityId: string; readonly screens: readonly PeopleScreen[] },
): Promise<LotScreen[]> {
  const t = q.t.peopleScreens;
  const known = await q
    .select({ terminalId: t.terminalId, gone: t.gone })
    .from(t)
    .where(and(eq(t.bookingId, row.id), eq(t.communityId, communityId)))
    .orderBy(asc(t.terminalId));
  if (known.length > 0) return known;
  const lot = newLot(row, screens).map((terminalId) => ({ terminalId, gone: false }));
  await q.insertMany(
    t,
    lot.map((one) => ({ bookingId: row.id, communityId, ...one })),
  );
  return lot;
}

/** A new machine has the place of a screen and does not know whom that reached: for what runs it reaches nobody. What has not begun is its own. */
export async function loseReached(q: Tx, terminalId: string, now: InstantMs): Promise<void> {
  const { peopleScreens: t, bookings: b } = q.t;
  const begun = q.select({ id: b.id }).from(b).where(lte(b.at, now));
  await q
    .update(t)
    .set({ gone: true })
    .where(and(eq(t.terminalId, terminalId), inArray(t.bookingId, begun)));
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
