import type { InstantMs } from '@gatecast/firmware-protocol';
import { and, eq, gt, inArray, isNull, ne, notInArray, type SQL } from 'drizzle-orm';
import type { Reads, Tx } from '../platform/db/store.ts';
import type { NewestFirst } from '../platform/newest-first.ts';

export type NoticeRow = Reads['t']['notices']['$inferSelect'];
/** With the company whose community it is. */
export interface OwnedNotice extends NoticeRow {
  readonly companyId: string;
}

export async function findNotice(q: Reads, id: string): Promise<OwnedNotice | undefined> {
  const { notices: t, communities } = q.t;
  const [row] = await q
    .select({ notice: t, companyId: communities.companyId })
    .from(t)
    .innerJoin(communities, eq(communities.id, t.communityId))
    .where(eq(t.id, id));
  return row && { ...row.notice, companyId: row.companyId };
}

export interface NoticeFilter {
  readonly companyId: string | undefined;
  readonly communityId: string | undefined;
  /** Only those that are not over then. */
  readonly currentAt: InstantMs | undefined;
}

export async function listNotices(
  q: Reads,
  { companyId, communityId, currentAt }: NoticeFilter,
  paging: Pick<NewestFirst, 'where' | 'order' | 'take'>,
): Promise<NoticeRow[]> {
  const { notices: t, communities } = q.t;
  const found = await q
    .select({ notice: t })
    .from(t)
    .innerJoin(communities, eq(communities.id, t.communityId))
    .where(
      and(
        companyId === undefined ? undefined : eq(communities.companyId, companyId),
        communityId === undefined ? undefined : eq(t.communityId, communityId),
        currentAt === undefined ? undefined : isCurrent(t, currentAt),
        paging.where,
      ),
    )
    .orderBy(...paging.order)
    .limit(paging.take);
  return found.map(({ notice }) => notice);
}

const isCurrent = (t: Reads['t']['notices'], now: InstantMs): SQL | undefined => and(isNull(t.endedAt), gt(t.to, now));

/** Those of a community that are not over. */
export async function currentNotices(q: Reads, communityId: string, now: InstantMs): Promise<NoticeRow[]> {
  const t = q.t.notices;
  return q
    .select()
    .from(t)
    .where(and(eq(t.communityId, communityId), isCurrent(t, now)));
}

export interface Delivery {
  readonly terminalId: string;
  /** The document that tells this terminal of notices. */
  readonly kind: 'plan' | 'notices';
  readonly version: number;
  readonly noticeIds: readonly string[];
}

/** Notes that from this version of a document on a terminal has these notices and no others. What another document told it counts no more. */
export async function saveDelivered(q: Tx, { terminalId, kind, version, noticeIds }: Delivery): Promise<void> {
  const t = q.t.noticeDeliveries;
  await q.delete(t).where(and(eq(t.terminalId, terminalId), ne(t.kind, kind)));
  await q
    .update(t)
    .set({ endVersion: version })
    .where(and(eq(t.terminalId, terminalId), isNull(t.endVersion), notInArray(t.noticeId, [...noticeIds])));
  await q.insertMany(
    t,
    noticeIds.map((noticeId) => ({ terminalId, noticeId, kind, version })),
    { onConflict: 'nothing' },
  );
}

export async function deliveriesOf(q: Reads, noticeIds: readonly string[]) {
  if (noticeIds.length === 0) return [];
  const t = q.t.noticeDeliveries;
  return q
    .select()
    .from(t)
    .where(inArray(t.noticeId, [...noticeIds]));
}
