import { and, eq, gte, inArray, lt } from 'drizzle-orm';
import type { InstantMs } from '@gatecast/firmware-protocol';
import type { Reads, Store } from '../platform/db/store.ts';
import { newestFirst, type NewestFirst, type Paging } from '../platform/newest-first.ts';

type Plays = Store['read']['t']['plays'];
export type StoredPlay = Plays['$inferSelect'];

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

export async function playsOf(
  q: Reads,
  campaignIds: readonly string[],
  between: { readonly from: InstantMs; readonly to: InstantMs },
): Promise<StoredPlay[]> {
  if (campaignIds.length === 0) return [];
  const t = q.t.plays;
  return q
    .select()
    .from(t)
    .where(
      and(inArray(t.campaignId, [...new Set(campaignIds)]), gte(t.halfHour, between.from), lt(t.halfHour, between.to)),
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
    .select({ terminalId: t.terminalId, at: t.at, touches: t.touches })
    .from(t)
    .where(and(eq(t.communityId, communityId), gte(t.at, between.from), lt(t.at, between.to)));
}

export async function screensOf(q: Reads, communityId: string) {
  const t = q.t.screens;
  return q.select({ terminalId: t.terminalId, since: t.since }).from(t).where(eq(t.communityId, communityId));
}
