import type { InstantMs } from '@gatecast/firmware-protocol';
import { and, count, eq, inArray, isNull, lt, lte, sql, type SQL } from 'drizzle-orm';
import type { Reads, Tx } from '../platform/db/store.ts';
import type { NewestFirst } from '../platform/newest-first.ts';
import type { ComplaintAbout } from './contract.ts';

export type ComplaintRow = Reads['t']['screenComplaints']['$inferSelect'];
/** With what its community says of it. */
export interface PlacedComplaint extends ComplaintRow {
  readonly companyId: string;
  readonly communityName: string;
  readonly complaintHours: number;
  readonly zone: string;
}

export interface ComplaintFilter {
  readonly companyId?: string | undefined;
  readonly communityId?: string | undefined;
  readonly about?: ComplaintAbout | undefined;
  readonly isOpen?: boolean | undefined;
  readonly residentId?: string | undefined;
}

function conditionOf(
  q: Reads,
  { companyId, communityId, about, isOpen, residentId }: ComplaintFilter,
): SQL | undefined {
  const { screenComplaints: t, communities } = q.t;
  return and(
    companyId === undefined ? undefined : eq(communities.companyId, companyId),
    communityId === undefined ? undefined : eq(t.communityId, communityId),
    about === undefined ? undefined : eq(t.about, about),
    isOpen ? isNull(t.answeredAt) : undefined,
    residentId === undefined ? undefined : eq(t.residentId, residentId),
  );
}

function placed(q: Reads) {
  const { screenComplaints: t, communities } = q.t;
  return q
    .select({ complaint: t, community: communities })
    .from(t)
    .innerJoin(communities, eq(communities.id, t.communityId));
}

const flat = (row: {
  complaint: ComplaintRow;
  community: { companyId: string; name: string; complaintHours: number; zone: string };
}): PlacedComplaint => {
  const { companyId, name: communityName, complaintHours, zone } = row.community;
  return { ...row.complaint, companyId, communityName, complaintHours, zone };
};

export async function findComplaint(
  q: Reads,
  by: { readonly id: string } | { readonly receiptHash: string },
): Promise<PlacedComplaint | undefined> {
  const t = q.t.screenComplaints;
  const [row] = await placed(q).where('id' in by ? eq(t.id, by.id) : eq(t.receiptHash, by.receiptHash));
  return row && flat(row);
}

export async function listComplaints(
  q: Reads,
  filter: ComplaintFilter,
  paging: Pick<NewestFirst, 'where' | 'order' | 'take'>,
): Promise<PlacedComplaint[]> {
  const found = await placed(q)
    .where(and(conditionOf(q, filter), paging.where))
    .orderBy(...paging.order)
    .limit(paging.take);
  return found.map(flat);
}

/** When each open complaint is due, by the hours of its community. */
const dueAt = (q: Reads): SQL<number> =>
  sql<number>`${q.t.screenComplaints.at} + ${q.t.communities.complaintHours} * 3600000`;

export async function countComplaints(q: Reads, filter: ComplaintFilter, now: InstantMs) {
  const { screenComplaints: t, communities } = q.t;
  const [row] = await q
    .select({
      open: count(),
      overdue: sql<string | number | null>`sum(case when ${dueAt(q)} <= ${now} then 1 else 0 end)`,
    })
    .from(t)
    .innerJoin(communities, eq(communities.id, t.communityId))
    .where(conditionOf(q, { ...filter, isOpen: true }));
  // One engine counts in numbers, the other one in texts.
  return { open: row?.open ?? 0, overdue: Number(row?.overdue ?? 0) };
}

/** How many of a resident wait for an answer, or of all passers-by at a screen. */
export async function openOf(
  q: Reads,
  from: { readonly residentId: string } | { readonly passersByAt: string },
): Promise<number> {
  const t = q.t.screenComplaints;
  const theirs =
    'residentId' in from
      ? eq(t.residentId, from.residentId)
      : and(eq(t.terminalId, from.passersByAt), isNull(t.residentId));
  const [row] = await q
    .select({ open: count() })
    .from(t)
    .where(and(theirs, isNull(t.answeredAt)));
  return row?.open ?? 0;
}

export async function forget(q: Tx, before: InstantMs): Promise<void> {
  const t = q.t.screenComplaints;
  await q.delete(t).where(lt(t.at, before));
}

/** Overdue, and nobody was reminded yet. */
export async function unreminded(q: Reads, now: InstantMs, limit: number): Promise<PlacedComplaint[]> {
  const t = q.t.screenComplaints;
  const found = await placed(q)
    .where(and(isNull(t.answeredAt), isNull(t.remindedAt), lte(dueAt(q), now)))
    .orderBy(t.at)
    .limit(limit);
  return found.map(flat);
}

export interface ComplaintScreen {
  readonly entrance: string;
  readonly mutedUntil: InstantMs | null;
}

export async function screensOf(
  q: Reads,
  terminalIds: readonly string[],
): Promise<ReadonlyMap<string, ComplaintScreen>> {
  if (terminalIds.length === 0) return new Map();
  const { terminals, entrances } = q.t;
  const found = await q
    .select({ id: terminals.id, entrance: entrances.name, mutedUntil: terminals.mutedUntil })
    .from(terminals)
    .innerJoin(entrances, eq(entrances.id, terminals.entranceId))
    .where(inArray(terminals.id, [...new Set(terminalIds)]));
  return new Map(found.map(({ id, ...screen }) => [id, screen]));
}
