import { localTime, type InstantMs } from '@gatecast/firmware-protocol';
import { and, gt, inArray, ne } from 'drizzle-orm';
import { setImmediate as breathe } from 'node:timers/promises';
import type { HeldOut, Holdouts } from '../lift/holdouts.ts';
import type { Reads } from '../platform/db/store.ts';
import { daysOf, endOf } from './claims.ts';
import { halfHoursOf } from './line-item.ts';
import { placesOf, type BookingRow } from './store.ts';

/** Whether a campaign rests in a community in a half-hour: the day is held out, and house clips play in its turns. */
export type Rests = (
  campaignId: string,
  where: { readonly communityId: string; readonly zone: string },
  at: InstantMs,
) => boolean;

interface Holding {
  readonly row: BookingRow;
  readonly communityIds: ReadonlySet<string>;
  /** Local days on which it runs, by zone. */
  readonly days: Map<string, ReadonlySet<string>>;
}

const rowsPerRead = 200;

/**
 * Reads once which days of these campaigns are held out. It is a matter of the whole campaign: on one day of one community the largest holdout of its line items
 * that run there counts, for all of them. Line items for single people are held out by person, on the screen.
 */
export async function restsOf(q: Reads, holdouts: Holdouts, campaignIds: readonly string[]): Promise<Rests> {
  const ids = [...new Set(campaignIds)];
  const found: BookingRow[] = [];
  for (let i = 0; i < ids.length; i += rowsPerRead) {
    found.push(...(await holding(q, ids.slice(i, i + rowsPerRead))));
    if (i + rowsPerRead < ids.length) await breathe();
  }
  const places = new Map<string, readonly string[]>();
  for (let i = 0; i < found.length; i += rowsPerRead) {
    const some = found.slice(i, i + rowsPerRead).map(({ id }) => id);
    for (const [id, communities] of await placesOf(q, some)) places.set(id, communities);
  }
  const byCampaign = new Map<string, { readonly isHeld: HeldOut; readonly lines: Holding[] }>();
  for (const [campaignId, rows] of Map.groupBy(found, (row) => row.campaignId)) {
    const lines = rows.map((row): Holding => {
      const communityIds = new Set(places.get(row.id) ?? [row.communityId]);
      return { row, communityIds, days: new Map() };
    });
    byCampaign.set(campaignId, { isHeld: await holdouts.of(q, campaignId), lines });
  }
  const dates = new Map<string, string>();
  const known = new Map<string, boolean>();
  return (campaignId, where, at) => {
    const own = byCampaign.get(campaignId);
    if (!own) return false;
    const moment = `${where.zone}|${at}`;
    const date = dates.get(moment) ?? localTime(at, where.zone).date;
    dates.set(moment, date);
    const key = `${campaignId}|${where.communityId}|${date}`;
    const before = known.get(key);
    if (before !== undefined) return before;
    const rests = own.isHeld(where, at, largestOn(own.lines, where, date));
    known.set(key, rests);
    return rests;
  };
}

async function holding(q: Reads, campaignIds: readonly string[]): Promise<BookingRow[]> {
  const t = q.t.bookings;
  return q
    .select()
    .from(t)
    .where(
      and(
        inArray(t.campaignId, [...campaignIds]),
        gt(t.holdoutPpm, 0),
        inArray(t.status, ['paid', 'ended']),
        ne(t.product, 'ten-people'),
      ),
    );
}

function largestOn(lines: readonly Holding[], where: Parameters<Rests>[1], date: string): number {
  let most = 0;
  for (const line of lines)
    if (line.row.holdoutPpm > most && line.communityIds.has(where.communityId) && daysIn(line, where.zone).has(date))
      most = line.row.holdoutPpm;
  return most;
}

function daysIn({ row, days }: Holding, zone: string): ReadonlySet<string> {
  const found =
    days.get(zone) ??
    new Set(
      halfHoursOf({ from: row.at, to: endOf(row), days: daysOf(row), dayparts: row.dayparts ?? [] }, zone).map(
        (at) => localTime(at, zone).date,
      ),
    );
  days.set(zone, found);
  return found;
}
