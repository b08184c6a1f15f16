import type { HealthIssue } from '@gatecast/firmware-protocol/messages';
import { asc, count, eq, inArray, ne, sql } from 'drizzle-orm';
import type { Reads } from '../platform/db/store.ts';
import type { Standing } from './count-rules.ts';

export interface PlacedCommunity {
  readonly id: string;
  readonly name: string;
  readonly companyId: string;
}

/** All of them, by name. */
export async function placedCommunities(q: Reads): Promise<PlacedCommunity[]> {
  const t = q.t.communities;
  return q.select({ id: t.id, name: t.name, companyId: t.companyId }).from(t).orderBy(asc(t.name), asc(t.id));
}

/** How the terminals of some communities stand, those that stand alike together. */
export async function standingsIn(
  q: Reads,
  communityIds: readonly string[],
): Promise<(Standing & { readonly communityId: string; readonly version: string | null })[]> {
  const { terminals: t, terminalPresence: p, terminalIssues: i } = q.t;
  const hasIssues = sql<number>`case when exists (select 1 from ${i} where ${i.terminalId} = ${t.id}) then 1 else 0 end`;
  const kind = { communityId: t.communityId, status: t.status, online: p.online, doorOnline: p.doorOnline };
  const found = await q
    .select({ ...kind, version: p.agentVersion, hasIssues: hasIssues.mapWith(Number).as('has_issues'), n: count() })
    .from(t)
    .leftJoin(p, eq(p.terminalId, t.id))
    .where(inArray(t.communityId, [...communityIds]))
    .groupBy(t.communityId, t.status, p.online, p.doorOnline, p.agentVersion, sql`has_issues`);
  return found.map((row) => ({ ...row, hasIssues: row.hasIssues === 1 }));
}

/** Terminals in service with each issue. */
export async function issuesIn(
  q: Reads,
  communityIds: readonly string[],
): Promise<{ communityId: string; issue: HealthIssue; n: number }[]> {
  const { terminals: t, terminalIssues: i } = q.t;
  return q
    .select({ communityId: t.communityId, issue: i.issue, n: count() })
    .from(t)
    .innerJoin(i, eq(i.terminalId, t.id))
    .where(sql`${inArray(t.communityId, [...communityIds])} and ${ne(t.status, 'revoked')}`)
    .groupBy(t.communityId, i.issue);
}
