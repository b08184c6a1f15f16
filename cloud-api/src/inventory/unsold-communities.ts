import type { InstantMs } from '@gatecast/firmware-protocol';
import { and, asc, eq, gt, isNull, lte, or, sql } from 'drizzle-orm';
import type { Page } from '../platform/contract.ts';
import { decodeCursor, pageOf, pageSizeDefault } from '../platform/cursor.ts';
import type { Reads } from '../platform/db/store.ts';
import type { Paging } from '../platform/newest-first.ts';
import type { UnsoldCommunity } from './contract.ts';

/** Communities that sell nothing for want of their owners' decision, among them those that are from before decisions were recorded. */
export async function unsoldCommunities(
  q: Reads,
  now: InstantMs,
  { cursor, limit = pageSizeDefault }: Paging,
): Promise<Page<UnsoldCommunity>> {
  const { communities: c, ownerDecisions: d } = q.t;
  const last = cursor === undefined ? '' : decodeCursor<[string]>(cursor, ['string'])[0];
  const waiting = sql<number>`(select count(*) from ${d} w where w.community_id = ${c.id} and w.status = 'waiting')`;
  const found = await q
    .select({ communityId: c.id, communityName: c.name, endedAt: d.validTo, waiting: waiting.mapWith(Number) })
    .from(c)
    .leftJoin(d, and(eq(d.communityId, c.id), eq(d.status, 'in-force')))
    .where(and(gt(c.id, last), or(isNull(d.id), lte(d.validTo, now))))
    .orderBy(asc(c.id))
    .limit(limit + 1);
  return pageOf(
    found,
    limit,
    ({ communityId }) => [communityId],
    (row) => ({
      ...row,
      reason: row.endedAt === null ? ('no-owner-decision' as const) : ('decision-expired' as const),
    }),
  );
}
