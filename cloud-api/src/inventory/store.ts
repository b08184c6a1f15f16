import type { InstantMs } from '@gatecast/firmware-protocol';
import { and, asc, desc, eq, gt, gte, inArray, isNull, lt, or, type SQL } from 'drizzle-orm';
import type { Reads, Store, Tx } from '../platform/db/store.ts';
import { newestFirst, type NewestFirst, type Paging } from '../platform/newest-first.ts';
import { decisionStatesBefore, type DecisionStatus } from './decision-rules.ts';

type T = Store['read']['t'];
export type DecisionRow = T['ownerDecisions']['$inferSelect'];
export type RateLineRow = T['rateLines']['$inferSelect'];
export type BlackoutRow = T['blackouts']['$inferSelect'];

/** Ids in one question. */
const idsPerRead = 500;

async function inSteps<R>(ids: readonly string[], read: (some: string[]) => Promise<R[]>): Promise<R[]> {
  const unique = [...new Set(ids)];
  const found: R[] = [];
  for (let i = 0; i < unique.length; i += idsPerRead) found.push(...(await read(unique.slice(i, i + idsPerRead))));
  return found;
}

export async function findDecision(q: Reads, id: string): Promise<DecisionRow | undefined> {
  const [row] = await q.select().from(q.t.ownerDecisions).where(eq(q.t.ownerDecisions.id, id));
  return row;
}

/** At most one of each community. */
export function decisionsInForce(q: Reads, communityIds: readonly string[]): Promise<DecisionRow[]> {
  const t = q.t.ownerDecisions;
  return inSteps(communityIds, (some) =>
    q
      .select()
      .from(t)
      .where(and(inArray(t.communityId, some), eq(t.status, 'in-force'))),
  );
}

/** Those that were ever in force, oldest first. */
export async function decisionsEver(q: Reads, communityId: string): Promise<DecisionRow[]> {
  const t = q.t.ownerDecisions;
  return q
    .select()
    .from(t)
    .where(and(eq(t.communityId, communityId), inArray(t.status, ['in-force', 'revoked', 'replaced'])))
    .orderBy(asc(t.inForceFrom));
}

export async function listDecisions(
  q: Reads,
  {
    communityId,
    status,
    companyId,
    ...paging
  }: Paging & {
    readonly communityId?: string | undefined;
    readonly status?: DecisionStatus | undefined;
    readonly companyId?: string | undefined;
  },
): Promise<{ readonly rows: DecisionRow[]; readonly list: NewestFirst }> {
  const t = q.t.ownerDecisions;
  const list = newestFirst(t.createdAt, t.id, paging);
  const where: (SQL | undefined)[] = [
    list.where,
    communityId === undefined ? undefined : eq(t.communityId, communityId),
    status === undefined ? undefined : eq(t.status, status),
    companyId === undefined ? undefined : inArray(t.communityId, ofCompany(q, companyId)),
  ];
  const rows = await q
    .select()
    .from(t)
    .where(and(...where))
    .orderBy(...list.order)
    .limit(list.take);
  return { rows, list };
}

const ofCompany = (q: Reads, companyId: string) =>
  q.select({ id: q.t.communities.id }).from(q.t.communities).where(eq(q.t.communities.companyId, companyId));

export async function countDecisions(q: Reads, communityId: string, status: DecisionStatus): Promise<number> {
  const t = q.t.ownerDecisions;
  const rows = await q
    .select({ id: t.id })
    .from(t)
    .where(and(eq(t.communityId, communityId), eq(t.status, status)));
  return rows.length;
}

/** Takes a step of the table; undefined if the decision is not where that step begins. */
export async function moveDecision(
  q: Tx,
  id: string,
  to: DecisionStatus,
  set: Partial<T['ownerDecisions']['$inferInsert']>,
): Promise<DecisionRow | undefined> {
  const t = q.t.ownerDecisions;
  const [moved] = await q
    .update(t)
    .set({ ...set, status: to })
    .where(and(eq(t.id, id), inArray(t.status, decisionStatesBefore(to))))
    .returning();
  return moved;
}

/** Lines of the network, and of these communities, that hold for some half-hour from `from` on and before `to`. */
export async function rateLinesFor(
  q: Reads,
  communityIds: readonly string[],
  { from, to }: { readonly from: InstantMs; readonly to: InstantMs },
): Promise<RateLineRow[]> {
  const t = q.t.rateLines;
  const inTime = and(lt(t.validFrom, to), or(isNull(t.validTo), gt(t.validTo, from)));
  const network = await q
    .select()
    .from(t)
    .where(and(isNull(t.communityId), inTime));
  const own = await inSteps(communityIds, (some) =>
    q
      .select()
      .from(t)
      .where(and(inArray(t.communityId, some), inTime)),
  );
  return [...network, ...own];
}

export async function listRateLines(
  q: Reads,
  {
    communityId,
    endingAfter,
    ...paging
  }: Paging & { readonly communityId?: string | undefined; readonly endingAfter?: InstantMs | undefined },
): Promise<{ readonly rows: RateLineRow[]; readonly list: NewestFirst }> {
  const t = q.t.rateLines;
  const list = newestFirst(t.createdAt, t.id, paging);
  const rows = await q
    .select()
    .from(t)
    .where(
      and(
        list.where,
        communityId === undefined ? undefined : or(isNull(t.communityId), eq(t.communityId, communityId)),
        endingAfter === undefined ? undefined : or(isNull(t.validTo), gt(t.validTo, endingAfter)),
      ),
    )
    .orderBy(...list.order)
    .limit(list.take);
  return { rows, list };
}

/** How many of a community, or of the network, are not over. */
export async function countRateLines(q: Reads, communityId: string | null, now: InstantMs): Promise<number> {
  const t = q.t.rateLines;
  const rows = await q
    .select({ id: t.id })
    .from(t)
    .where(
      and(
        communityId === null ? isNull(t.communityId) : eq(t.communityId, communityId),
        or(isNull(t.validTo), gt(t.validTo, now)),
      ),
    );
  return rows.length;
}

/** Ends a line; undefined if it is over already. A line that has not begun is never in force then. */
export async function endRateLine(q: Tx, id: string, at: InstantMs): Promise<RateLineRow | undefined> {
  const t = q.t.rateLines;
  const [ended] = await q
    .update(t)
    .set({ validTo: at })
    .where(and(eq(t.id, id), or(isNull(t.validTo), gt(t.validTo, at))))
    .returning();
  return ended;
}

export async function findRateLine(q: Reads, id: string): Promise<RateLineRow | undefined> {
  const [row] = await q.select().from(q.t.rateLines).where(eq(q.t.rateLines.id, id));
  return row;
}

/** Of the network and of these communities, not lifted, that end on `firstDay` or later. */
export async function blackoutsFrom(
  q: Reads,
  communityIds: readonly string[],
  firstDay: string,
): Promise<BlackoutRow[]> {
  const t = q.t.blackouts;
  const current = and(isNull(t.liftedAt), gte(t.lastDay, firstDay));
  const network = await q
    .select()
    .from(t)
    .where(and(isNull(t.communityId), current));
  const own = await inSteps(communityIds, (some) =>
    q
      .select()
      .from(t)
      .where(and(inArray(t.communityId, some), current)),
  );
  return [...network, ...own];
}

export async function listBlackouts(
  q: Reads,
  {
    communityId,
    companyId,
    fromDay,
    ...paging
  }: Paging & {
    readonly communityId?: string | undefined;
    readonly companyId?: string | undefined;
    /** Neither lifted nor over before that day. */
    readonly fromDay?: string | undefined;
  },
): Promise<{ readonly rows: BlackoutRow[]; readonly list: NewestFirst }> {
  const t = q.t.blackouts;
  const list = newestFirst(t.createdAt, t.id, paging);
  const inCommunity = communityId === undefined ? undefined : or(isNull(t.communityId), eq(t.communityId, communityId));
  const inCompany =
    companyId === undefined ? undefined : or(isNull(t.communityId), inArray(t.communityId, ofCompany(q, companyId)));
  const rows = await q
    .select()
    .from(t)
    .where(
      and(
        list.where,
        inCommunity,
        inCompany,
        fromDay === undefined ? undefined : and(isNull(t.liftedAt), gte(t.lastDay, fromDay)),
      ),
    )
    .orderBy(...list.order)
    .limit(list.take);
  return { rows, list };
}

export async function countBlackouts(q: Reads, communityId: string | null, fromDay: string): Promise<number> {
  const t = q.t.blackouts;
  const rows = await q
    .select({ id: t.id })
    .from(t)
    .where(
      and(
        communityId === null ? isNull(t.communityId) : eq(t.communityId, communityId),
        isNull(t.liftedAt),
        gte(t.lastDay, fromDay),
      ),
    )
    .orderBy(desc(t.createdAt));
  return rows.length;
}

export async function findBlackout(q: Reads, id: string): Promise<BlackoutRow | undefined> {
  const [row] = await q.select().from(q.t.blackouts).where(eq(q.t.blackouts.id, id));
  return row;
}
