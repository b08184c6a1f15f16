import type { InstantMs } from '@gatecast/firmware-protocol';
import type { DownloadTerms } from '@gatecast/firmware-protocol/messages';
import { and, asc, count, eq, gt, inArray, isNull, or } from 'drizzle-orm';
import type { Reads, Tx } from '../platform/db/store.ts';
import { newestFirst, type NewestFirst, type Paging } from '../platform/newest-first.ts';

export type ReleaseRow = Reads['t']['releases']['$inferSelect'];
export type AssignmentRow = Reads['t']['releaseAssignments']['$inferSelect'];

export async function findRelease(q: Reads, id: string): Promise<ReleaseRow | undefined> {
  const [row] = await q.select().from(q.t.releases).where(eq(q.t.releases.id, id));
  return row;
}

export async function findVersion(q: Reads, model: string, version: string): Promise<ReleaseRow | undefined> {
  const t = q.t.releases;
  const [row] = await q
    .select()
    .from(t)
    .where(and(eq(t.model, model), eq(t.version, version)));
  return row;
}

export async function listReleases(
  q: Reads,
  { model, ...paging }: Paging & { readonly model?: string | undefined },
): Promise<{ readonly rows: ReleaseRow[]; readonly list: NewestFirst }> {
  const t = q.t.releases;
  const list = newestFirst(t.createdAt, t.id, paging);
  const rows = await q
    .select()
    .from(t)
    .where(and(list.where, model === undefined ? undefined : eq(t.model, model)))
    .orderBy(...list.order)
    .limit(list.take);
  return { rows, list };
}

export async function withdraw(q: Tx, id: string, at: InstantMs): Promise<void> {
  await q.update(q.t.releases).set({ withdrawnAt: at }).where(eq(q.t.releases.id, id));
}

export async function setDownload(q: Tx, id: string, download: DownloadTerms): Promise<void> {
  await q.update(q.t.releases).set({ download }).where(eq(q.t.releases.id, id));
}

/** How many ids one statement names. */
const chunk = 500;

/** A terminal that may be given a release, with what it said of itself. */
export type Candidate = Awaited<ReturnType<typeof candidatesOf>>[number];

/** These terminals and those of these communities, `max` at most, by id. */
export async function candidatesOf(
  q: Reads,
  { terminalIds, communityIds }: { readonly terminalIds: readonly string[]; readonly communityIds: readonly string[] },
  max: number,
) {
  const { terminals: t, communities, entrances, terminalPresence: p } = q.t;
  return q
    .select({
      id: t.id,
      name: t.name,
      status: t.status,
      model: t.model,
      protocol: t.protocol,
      agentVersion: p.agentVersion,
      communityName: communities.name,
      entranceName: entrances.name,
    })
    .from(t)
    .innerJoin(communities, eq(communities.id, t.communityId))
    .innerJoin(entrances, eq(entrances.id, t.entranceId))
    .leftJoin(p, eq(p.terminalId, t.id))
    .where(or(inArray(t.id, [...terminalIds]), inArray(t.communityId, [...communityIds])))
    .orderBy(asc(t.id))
    .limit(max);
}

/** The same of many terminals by their ids. */
export async function candidatesById(q: Reads, terminalIds: readonly string[]): Promise<readonly Candidate[]> {
  const found: Candidate[] = [];
  for (let at = 0; at < terminalIds.length; at += chunk)
    found.push(...(await candidatesOf(q, { terminalIds: terminalIds.slice(at, at + chunk), communityIds: [] }, chunk)));
  return found;
}

export async function assign(q: Tx, row: AssignmentRow): Promise<void> {
  const t = q.t.releaseAssignments;
  const { terminalId: _key, ...set } = row;
  await q.insert(t).values(row).onConflictDoUpdate({ target: t.terminalId, set });
}

/** What a terminal was last given, and what it said of it. */
export async function lastGiven(q: Reads, terminalId: string) {
  const { releaseAssignments: a, terminalDocuments: d } = q.t;
  const [row] = await q
    .select({
      releaseId: a.releaseId,
      documentVersion: a.documentVersion,
      applied: d.applied,
      failed: d.failed,
      withheld: d.withheld,
    })
    .from(a)
    .innerJoin(d, and(eq(d.terminalId, a.terminalId), eq(d.kind, 'software')))
    .where(eq(a.terminalId, terminalId));
  return row;
}

/** What became of a release's document on the terminals, as far as they have said. */
export async function progressOf(q: Reads, releaseIds: readonly string[]) {
  if (releaseIds.length === 0) return [];
  const { releaseAssignments: a, terminalDocuments: d } = q.t;
  return q
    .select({
      releaseId: a.releaseId,
      documentVersion: a.documentVersion,
      applied: d.applied,
      failed: d.failed,
      terminals: count().mapWith(Number),
    })
    .from(a)
    .innerJoin(d, and(eq(d.terminalId, a.terminalId), eq(d.kind, 'software')))
    .where(inArray(a.releaseId, [...releaseIds]))
    .groupBy(a.releaseId, a.documentVersion, d.applied, d.failed);
}

/** The terminals of a release with what they said of it, by id. */
export async function terminalsOf(q: Reads, releaseId: string, afterId: string, limit: number) {
  const { releaseAssignments: a, terminalDocuments: d, terminals, communities, entrances, terminalPresence } = q.t;
  return q
    .select({
      assignment: a,
      document: d,
      terminal: terminals,
      community: communities,
      entrance: entrances,
      presence: terminalPresence,
    })
    .from(a)
    .innerJoin(terminals, eq(terminals.id, a.terminalId))
    .innerJoin(communities, eq(communities.id, terminals.communityId))
    .innerJoin(entrances, eq(entrances.id, terminals.entranceId))
    .innerJoin(d, and(eq(d.terminalId, a.terminalId), eq(d.kind, 'software')))
    .leftJoin(terminalPresence, eq(terminalPresence.terminalId, a.terminalId))
    .where(and(eq(a.releaseId, releaseId), gt(a.terminalId, afterId)))
    .orderBy(asc(a.terminalId))
    .limit(limit);
}

/** Whether the terminal's last release has this archive and was not called back, and so whether it may fetch it. */
export async function mayFetch(q: Reads, terminalId: string, archiveSha256: string): Promise<boolean> {
  const { releaseAssignments: a, releases: r, terminalDocuments: d } = q.t;
  const [row] = await q
    .select({ withheld: d.withheld })
    .from(a)
    .innerJoin(r, eq(r.id, a.releaseId))
    .innerJoin(d, and(eq(d.terminalId, a.terminalId), eq(d.kind, 'software')))
    .where(and(eq(a.terminalId, terminalId), eq(r.archiveSha256, archiveSha256), isNull(r.withdrawnAt)));
  return row !== undefined && row.withheld !== true;
}
