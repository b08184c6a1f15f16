import { and, asc, eq, gt, inArray, lt, lte, notInArray, sql } from 'drizzle-orm';
import type { InstantMs } from '@gatecast/firmware-protocol';
import type { Reads, Tx } from '../platform/db/store.ts';
import type { GroupRow } from './deal-store.ts';
import { groupTransitions, statesBefore, type GroupStatus } from './rules.ts';

/** Open groups of a deal with a place for somebody who is not in them yet, the oldest first. */
async function joinable(q: Tx, dealId: string, residentId: string, now: InstantMs): Promise<string[]> {
  const { groups: g, groupMembers: m } = q.t;
  const mine = q.select({ id: m.groupId }).from(m).where(eq(m.residentId, residentId));
  const rows = await q
    .select({ id: g.id })
    .from(g)
    .where(
      and(eq(g.dealId, dealId), eq(g.status, 'open'), gt(g.expiresAt, now), lt(g.paid, g.size), notInArray(g.id, mine)),
    )
    .orderBy(asc(g.openedAt), asc(g.id));
  return rows.map(({ id }) => id);
}

/** Takes a place in the oldest open group: one conditional update. Undefined if none has room. */
export async function joinOpenGroup(
  q: Tx,
  dealId: string,
  residentId: string,
  now: InstantMs,
): Promise<GroupRow | undefined> {
  const t = q.t.groups;
  for (const id of await joinable(q, dealId, residentId, now)) {
    const [joined] = await q
      .update(t)
      .set({ paid: sql`${t.paid} + 1` })
      .where(and(eq(t.id, id), eq(t.status, 'open'), lt(t.paid, t.size), gt(t.expiresAt, now)))
      .returning();
    if (!joined) continue;
    await q.insert(q.t.groupMembers).values({ groupId: id, residentId });
    return joined;
  }
  return undefined;
}

/** Takes the step of the table; undefined if the group took one before. */
export async function moveGroup(q: Tx, id: string, to: GroupStatus): Promise<GroupRow | undefined> {
  const t = q.t.groups;
  const [moved] = await q
    .update(t)
    .set({ status: to })
    .where(and(eq(t.id, id), inArray(t.status, statesBefore(groupTransitions, to))))
    .returning();
  return moved;
}

export interface DueGroup {
  readonly id: string;
  readonly dealId: string;
}

export async function dueGroups(q: Reads, now: InstantMs, limit: number): Promise<DueGroup[]> {
  const t = q.t.groups;
  return q
    .select({ id: t.id, dealId: t.dealId })
    .from(t)
    .where(and(eq(t.status, 'open'), lte(t.expiresAt, now)))
    .orderBy(asc(t.expiresAt))
    .limit(limit);
}

export async function findGroups(q: Reads, ids: readonly string[]): Promise<ReadonlyMap<string, GroupRow>> {
  if (ids.length === 0) return new Map();
  const rows = await q
    .select()
    .from(q.t.groups)
    .where(inArray(q.t.groups.id, [...new Set(ids)]));
  return new Map(rows.map((row) => [row.id, row]));
}
