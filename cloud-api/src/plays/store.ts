import { and, eq, gte, inArray, lt, sql } from 'drizzle-orm';
import { after, halfHourMs, type InstantMs } from '@gatecast/firmware-protocol';
import type { Reads, Store } from '../platform/db/store.ts';
import { newestFirst, type NewestFirst, type Paging } from '../platform/newest-first.ts';

type Plays = Store['read']['t']['plays'];
export type StoredPlay = Plays['$inferSelect'];
export type ToldHalfHour = Store['read']['t']['halfHours']['$inferSelect'];
export type StoredTouch = Store['read']['t']['touches']['$inferSelect'];

export async function listPlays(
  q: Reads,
  { terminalId, ...paging }: Paging & { readonly terminalId?: string | undefined },
): Promise<{ readonly rows: StoredPlay[]; readonly list: NewestFirst }> {
  const t = q.t.plays;
  const list = newestFirst(t.startedAt, t.id, paging);
  const rows = await q
    .select()
    .from(t)
    .where(and(list.where, terminalId === undefined ? undefined : eq(t.terminalId, terminalId)))
    .orderBy(...list.order)
    .limit(list.take);
  return { rows, list };
}

/** Where and when campaigns played. */
export interface PlayedAt {
  readonly campaignId: string;
  readonly communityId: string;
  readonly halfHour: InstantMs;
}

/** Plays of these campaigns, in these communities, in these half-hours: as many as a page shows, not all of the days between. */
export async function playsOf(q: Reads, at: readonly PlayedAt[]): Promise<StoredPlay[]> {
  if (at.length === 0) return [];
  const t = q.t.plays;
  const distinct = <V>(pick: (one: PlayedAt) => V): V[] => [...new Set(at.map(pick))];
  return q
    .select()
    .from(t)
    .where(
      and(
        inArray(
          t.campaignId,
          distinct((one) => one.campaignId),
        ),
        inArray(
          t.communityId,
          distinct((one) => one.communityId),
        ),
        inArray(
          t.halfHour,
          distinct((one) => one.halfHour),
        ),
      ),
    );
}

export async function touchesIn(q: Reads, communityId: string, halfHour: InstantMs): Promise<StoredTouch[]> {
  const t = q.t.touches;
  return q
    .select()
    .from(t)
    .where(
      and(eq(t.communityId, communityId), gte(t.startedAt, halfHour), lt(t.startedAt, after(halfHour, halfHourMs))),
    );
}

/** Half-hours that terminals of a community have closed. */
export async function closedHalfHours(
  q: Reads,
  communityId: string,
  between: { readonly from: InstantMs; readonly to: InstantMs },
) {
  const t = q.t.halfHours;
  return q
    .select({ terminalId: t.terminalId, entranceId: t.entranceId, at: t.at, touches: t.touches })
    .from(t)
    .where(and(eq(t.communityId, communityId), gte(t.at, between.from), lt(t.at, between.to)));
}

/** What terminals of many communities told of half-hours. */
export async function toldHalfHours(
  q: Reads,
  communityIds: readonly string[],
  between: { readonly from: InstantMs; readonly to: InstantMs },
) {
  if (communityIds.length === 0) return [];
  const t = q.t.halfHours;
  return q
    .select()
    .from(t)
    .where(and(inArray(t.communityId, [...communityIds]), gte(t.at, between.from), lt(t.at, between.to)));
}

export async function screensOf(q: Reads, communityId: string) {
  const t = q.t.screens;
  return q.select({ terminalId: t.terminalId, since: t.since }).from(t).where(eq(t.communityId, communityId));
}

export interface ReachedBy {
  readonly communityId: string;
  readonly terminalId: string;
  readonly people: number;
}

/** Of a line item that stops at so many people. */
export async function reachedBy(
  q: Reads,
  { campaignId, lineItem, from }: { readonly campaignId: string; readonly lineItem: string; readonly from: InstantMs },
): Promise<ReachedBy[]> {
  const t = q.t.plays;
  return q
    .select({
      communityId: t.communityId,
      terminalId: t.terminalId,
      people: sql<number>`count(*)`.mapWith(Number),
    })
    .from(t)
    .where(
      and(
        eq(t.campaignId, campaignId),
        eq(t.reached, lineItem),
        eq(t.viewable, true),
        eq(t.billable, true),
        gte(t.halfHour, from),
      ),
    )
    .groupBy(t.communityId, t.terminalId);
}
