import { setImmediate as nextTurn } from 'node:timers/promises';
import { isId } from '@gatecast/firmware-protocol';
import type { HealthIssue } from '@gatecast/firmware-protocol/messages';
import {
  and,
  asc,
  eq,
  exists,
  gt,
  inArray,
  isNotNull,
  isNull,
  lte,
  ne,
  or,
  sql,
  type Column,
  type SQL,
} from 'drizzle-orm';
import { searchedText } from '../communities/place-key.ts';
import { among } from '../platform/db/among.ts';
import type { Reads } from '../platform/db/store.ts';
import type { FleetState } from './contract.ts';

export interface FleetFilter {
  readonly companyId?: string | undefined;
  readonly communityId?: string | undefined;
  readonly state?: FleetState | undefined;
  readonly issue?: HealthIssue | undefined;
  readonly version?: string | undefined;
  /** Those that are revoked too. */
  readonly anyStatus?: boolean;
  /** Part of the name of the terminal or its entrance, or it stands in one of these communities. */
  readonly named?: { readonly text: string; readonly communityIds: readonly string[] } | undefined;
}

export type FleetRow = Awaited<ReturnType<typeof rowsBetween>>[number];

/** Terminals looked at in one turn of the loop: a few milliseconds, however few of them fit. */
const lookedAtOnce = 2_000;
/** A name that more terminals than these have is no way to find one: the list is read through instead. */
export const namedMax = 1_000;

/** Where to look: in these communities, among these terminals. Undefined means everywhere. */
export interface Narrowed {
  readonly communityIds?: readonly string[] | undefined;
  readonly terminalIds?: readonly string[] | undefined;
}

/**
 * The next terminals that fit, by id. Whoever knows where they can be has it answered from an index; else no index leads to every combination of
 * filters, so that of 40,000 terminals perhaps all are looked at: in pieces, with a turn of the loop between them.
 */
export async function listFleet(
  q: Reads,
  filter: FleetFilter,
  narrowed: Narrowed,
  afterId: string,
  limit: number,
): Promise<FleetRow[]> {
  const where = and(fits(q, filter), isAmong(q, narrowed));
  if (narrowed.communityIds ?? narrowed.terminalIds) return rowsBetween(q, where, { from: afterId }, limit);
  const found: FleetRow[] = [];
  for (let from = afterId; ;) {
    const upTo = await idAfterSome(q, from);
    found.push(...(await rowsBetween(q, where, { from, upTo }, limit - found.length)));
    if (found.length >= limit || upTo === undefined) return found;
    from = upTo;
    await nextTurn();
  }
}

const isAmong = (q: Reads, { communityIds, terminalIds }: Narrowed): SQL | undefined =>
  and(
    communityIds && inArray(q.t.terminals.communityId, [...communityIds]),
    terminalIds && inArray(q.t.terminals.id, [...terminalIds]),
  );

const like = (column: Column, text: string): SQL => sql`lower(${column}) like ${`%${searchedText(text)}%`}`;

/**
 * Terminals by id, short number, or part of their own or their entrance's name; one table is read through after the other, none is joined. Some more
 * than `namedMax` if there are that many.
 */
export async function namedLike(q: Reads, search: string): Promise<string[]> {
  const { terminals: t, entrances } = q.t;
  const text = search.trim();
  if (isId('terminal', text)) return [text];
  const isNo = /^#?\d{1,9}$/.test(text) ? eq(t.no, Number(text.replace('#', ''))) : undefined;
  const byName = await q
    .select({ id: t.id })
    .from(t)
    .where(or(like(t.name, text), isNo))
    .limit(namedMax + 1);
  const doors = q
    .select({ id: entrances.id })
    .from(entrances)
    .where(like(entrances.name, text))
    .limit(namedMax + 1);
  const byDoor = await q
    .select({ id: t.id })
    .from(t)
    .where(among(t.entranceId, doors))
    .limit(namedMax + 1);
  return [...new Set([...byName, ...byDoor].map(({ id }) => id))];
}

/** Terminals of some communities. */
export async function idsIn(q: Reads, communityIds: readonly string[]): Promise<string[]> {
  if (communityIds.length === 0) return [];
  const t = q.t.terminals;
  const found = await q
    .select({ id: t.id })
    .from(t)
    .where(inArray(t.communityId, [...communityIds]))
    .limit(namedMax + 1);
  return found.map(({ id }) => id);
}

/** The last id of the next piece; undefined if the rest is smaller. */
async function idAfterSome(q: Reads, from: string): Promise<string | undefined> {
  const t = q.t.terminals;
  const [row] = await q
    .select({ id: t.id })
    .from(t)
    .where(gt(t.id, from))
    .orderBy(asc(t.id))
    .offset(lookedAtOnce - 1)
    .limit(1);
  return row?.id;
}

async function rowsBetween(
  q: Reads,
  where: SQL | undefined,
  { from, upTo }: { readonly from: string; readonly upTo?: string | undefined },
  limit: number,
) {
  const { terminals: t, communities, entrances, terminalPresence: p } = q.t;
  return q
    .select({
      id: t.id,
      no: t.no,
      name: t.name,
      companyId: communities.companyId,
      communityId: t.communityId,
      communityName: communities.name,
      entranceId: t.entranceId,
      entranceName: entrances.name,
      placement: entrances.placement,
      status: t.status,
      online: p.online,
      doorOnline: p.doorOnline,
      lastSeenAt: p.lastSeenAt,
      agentVersion: p.agentVersion,
    })
    .from(t)
    .innerJoin(communities, eq(communities.id, t.communityId))
    .innerJoin(entrances, eq(entrances.id, t.entranceId))
    .leftJoin(p, eq(p.terminalId, t.id))
    .where(and(gt(t.id, from), upTo === undefined ? undefined : lte(t.id, upTo), where))
    .orderBy(asc(t.id))
    .limit(limit);
}

function fits(q: Reads, filter: FleetFilter): SQL | undefined {
  const { companyId, communityId, state, issue, version, anyStatus, named } = filter;
  const { terminals: t, communities, entrances, terminalPresence: p } = q.t;
  return and(
    companyId === undefined ? undefined : eq(communities.companyId, companyId),
    communityId === undefined ? undefined : eq(t.communityId, communityId),
    anyStatus ? undefined : stands(q, state),
    issue === undefined ? undefined : hasIssue(q, issue),
    version === undefined ? undefined : eq(p.agentVersion, version),
    named &&
      or(
        like(t.name, named.text),
        like(entrances.name, named.text),
        named.communityIds.length === 0 ? undefined : inArray(t.communityId, [...named.communityIds]),
      ),
  );
}

function stands(q: Reads, state: FleetState | undefined): SQL | undefined {
  const { terminals: t, terminalPresence: p } = q.t;
  const isActive = eq(t.status, 'active');
  switch (state) {
    case undefined:
      return ne(t.status, 'revoked');
    case 'online':
      return and(isActive, eq(p.online, true));
    case 'offline':
      return and(isActive, or(isNull(p.online), eq(p.online, false)));
    case 'door-fault':
      return and(isActive, eq(p.online, true), eq(p.doorOnline, false));
    case 'issue':
      return and(isActive, hasIssue(q, undefined));
    case 'unclaimed':
    case 'revoked':
      return eq(t.status, state);
  }
}

function hasIssue(q: Reads, issue: HealthIssue | undefined): SQL {
  const { terminals: t, terminalIssues: i } = q.t;
  const ofIt = and(eq(i.terminalId, t.id), issue === undefined ? undefined : eq(i.issue, issue));
  return exists(q.select({ issue: i.issue }).from(i).where(ofIt));
}

/** The documents of some terminals whose newest version was refused. */
export async function refusedDocuments(q: Reads, terminalIds: readonly string[]) {
  if (terminalIds.length === 0) return [];
  const t = q.t.terminalDocuments;
  return q
    .select({ terminalId: t.terminalId, kind: t.kind })
    .from(t)
    .where(and(inArray(t.terminalId, [...terminalIds]), isNotNull(t.failed), eq(t.failed, t.desired)));
}
