import type { InstantMs } from '@gatecast/firmware-protocol';
import { aliasedTable, and, asc, desc, eq, gte, inArray, lt, lte, ne, or, sql, type SQL } from 'drizzle-orm';
import type { z } from 'zod';
import { among } from '../platform/db/among.ts';
import type { Reads } from '../platform/db/store.ts';
import type { accessEventFilter } from './contract.ts';
import { matching, type Matching } from './log-search.ts';

export type LogFilter = z.output<typeof accessEventFilter>;

/** Whose rows, and which of them. Undefined means no bound. */
export interface LogScope {
  readonly companyId: string | undefined;
  readonly communityIds: readonly string[] | undefined;
  /** Whether openings under threat are among them. */
  readonly withDuress: boolean;
  /** Nothing from before. */
  readonly since: InstantMs | undefined;
}

/** Where a row stands: newest first, rows of the same millisecond by number. */
export interface RowKey {
  readonly at: InstantMs;
  readonly no: number;
}

const dayMs = 86_400_000;

type Events = Reads['t']['accessEvents'];

/**
 * The newest rows that fit, however many millions do not. No index leads to every combination of filters, but a few lead to the newest rows of each
 * terminal, community or person: those are merged.
 */
export async function newestRows(
  q: Reads,
  scope: LogScope,
  filter: LogFilter,
  before: RowKey | undefined,
  limit: number,
): Promise<RowKey[]> {
  const rowsOf = { q, scope, filter, before, limit };
  if (filter.residentId !== undefined) return newestOfPeople(rowsOf, { residents: [filter.residentId], passes: [] });
  if (filter.search === undefined) return newestOfPlaces(rowsOf, undefined);
  const found = await matching(q, communitiesIn(q, scope, filter), filter.search);
  return found.isBroad ? newestOfMany(rowsOf, found) : newestOfPeople(rowsOf, found);
}

interface Asked {
  readonly q: Reads;
  readonly scope: LogScope;
  readonly filter: LogFilter;
  readonly before: RowKey | undefined;
  readonly limit: number;
}

/**
 * The rows of many people. As no index leads to them, each place would be read until it has a page of its own, a hundred pages for the one that is
 * asked for. So the last day is read first, and then as far back as a page takes at the pace found.
 */
async function newestOfMany(asked: Asked, people: Matching): Promise<RowKey[]> {
  const { q, scope, filter, before, limit } = asked;
  const until = before?.at ?? filter.to ?? (await newestOfAll(q));
  const oldest = Math.max(scope.since ?? 0, filter.from ?? 0);
  for (let span = dayMs; until - span > oldest;) {
    const since = (until - span) as InstantMs;
    const rows = await newestOfPlaces({ ...asked, scope: { ...scope, since } }, people);
    if (rows.length === limit) return rows;
    span *= Math.min(Math.max(2, (1.5 * limit) / Math.max(rows.length, 1)), 16);
  }
  return newestOfPlaces(asked, people);
}

async function newestOfAll(q: Reads): Promise<number> {
  const t = q.t.accessEvents;
  const [row] = await q.select({ at: t.at }).from(t).orderBy(desc(t.at)).limit(1);
  return row?.at ?? 0;
}

/** By terminal where an index of the terminal's leads to the rows, else by community; and all at once where there is no bound at all. */
async function newestOfPlaces(asked: Asked, people: Matching | undefined): Promise<RowKey[]> {
  const { q, scope, filter } = asked;
  const { communities, terminals } = q.t;
  const named = people && ((t: Events) => people.among(t));
  const { terminalId, entranceId, kind, via, person } = filter;
  if ([terminalId, entranceId, kind, via, person].some((one) => one !== undefined)) {
    const few = newest(asked, (t) => and(eq(t.terminalId, terminals.id), named?.(t)));
    return merged(
      asked,
      q
        .select(few.key)
        .from(terminals)
        .innerJoin(communities, eq(communities.id, terminals.communityId))
        .innerJoin(few.table, few.isAmong)
        .where(
          and(
            communitiesIn(q, scope, filter),
            terminalId === undefined ? undefined : eq(terminals.id, terminalId),
            entranceId === undefined ? undefined : eq(terminals.entranceId, entranceId),
          ),
        ),
    );
  }
  const bounds = [scope.companyId, scope.communityIds, filter.communityId, people];
  if (bounds.every((bound) => bound === undefined)) {
    const t = q.t.accessEvents;
    return q
      .select({ at: t.at, no: t.no })
      .from(t)
      .where(fits(t, asked))
      .orderBy(desc(t.at), desc(t.no))
      .limit(asked.limit);
  }
  const few = newest(asked, (t) => and(eq(t.communityId, communities.id), named?.(t)));
  return merged(
    asked,
    q
      .select(few.key)
      .from(communities)
      .innerJoin(few.table, few.isAmong)
      .where(communitiesIn(q, scope, filter)),
  );
}

/** The rows of a few residents and passes. */
async function newestOfPeople(asked: Asked, people: Pick<Matching, 'residents' | 'passes'>): Promise<RowKey[]> {
  const { q, scope, filter } = asked;
  const { communities, residents, credentials } = q.t;
  const found: RowKey[] = [];
  if (people.residents.length > 0) {
    const few = newest(asked, (t) => eq(t.residentId, residents.id));
    const rows = q
      .select(few.key)
      .from(residents)
      .innerJoin(communities, eq(communities.id, residents.communityId))
      .innerJoin(few.table, few.isAmong)
      .where(and(inArray(residents.id, [...people.residents]), communitiesIn(q, scope, filter)));
    found.push(...(await merged(asked, rows)));
  }
  if (people.passes.length > 0) {
    const few = newest(asked, (t) => and(eq(t.credentialId, credentials.id), sql`${t.residentId} is null`));
    const rows = q
      .select(few.key)
      .from(credentials)
      .innerJoin(communities, eq(communities.id, credentials.communityId))
      .innerJoin(few.table, few.isAmong)
      .where(and(inArray(credentials.id, [...people.passes]), communitiesIn(q, scope, filter)));
    found.push(...(await merged(asked, rows)));
  }
  return found.sort((a, b) => b.at - a.at || b.no - a.no).slice(0, asked.limit);
}

/** The newest rows of each outer row that `belongs` names. */
function newest(asked: Asked, belongs: (t: Events) => SQL | undefined) {
  const { q, limit } = asked;
  const table = q.t.accessEvents;
  const inner = aliasedTable(table, 'newest');
  const few = q
    .select({ no: inner.no })
    .from(inner)
    .where(and(belongs(inner), fits(inner, asked)))
    .orderBy(desc(inner.at), desc(inner.no))
    .limit(limit);
  return { table, key: { at: table.at, no: table.no }, isAmong: among(table.no, few) };
}

/** The `+` keeps the database from walking through the whole log in the order of time, which would fit the order and nothing else. */
const merged = async (
  { q, limit }: Asked,
  rows: { orderBy(...order: SQL[]): { limit(n: number): PromiseLike<RowKey[]> } },
): Promise<RowKey[]> => {
  const t = q.t.accessEvents;
  return rows.orderBy(sql`+${t.at} desc`, sql`+${t.no} desc`).limit(limit);
};

function communitiesIn(q: Reads, { companyId, communityIds }: LogScope, { communityId }: LogFilter): SQL | undefined {
  const t = q.t.communities;
  return and(
    companyId === undefined ? undefined : eq(t.companyId, companyId),
    communityIds === undefined ? undefined : inArray(t.id, [...communityIds]),
    communityId === undefined ? undefined : eq(t.id, communityId),
  );
}

/** The conditions on the row itself. Those of the partial indexes stand there word for word, or SQLite would not know that they apply. */
function fits(t: Events, { scope, filter, before }: Asked): SQL | undefined {
  const { terminalId, entranceId, residentId, kind, via, person, from, to } = filter;
  return and(
    scope.withDuress ? undefined : ne(t.kind, 'duress'),
    terminalId === undefined ? undefined : eq(t.terminalId, terminalId),
    entranceId === undefined ? undefined : eq(t.entranceId, entranceId),
    residentId === undefined ? undefined : eq(t.residentId, residentId),
    kind === undefined ? undefined : eq(t.kind, kind),
    kind === undefined || kind === 'opened' ? undefined : sql`${t.kind} <> 'opened'`,
    via === undefined ? undefined : eq(t.via, via),
    person === undefined ? undefined : eq(t.person, person),
    person === undefined || person === 'resident' ? undefined : sql`${t.person} <> 'resident'`,
    scope.since === undefined ? undefined : gte(t.at, scope.since),
    from === undefined ? undefined : gte(t.at, from as InstantMs),
    to === undefined ? undefined : lt(t.at, to as InstantMs),
    before && and(lte(t.at, before.at), or(lt(t.at, before.at), lt(t.no, before.no))),
  );
}

/** Rows with the names that the log still knows, in the order of `keys`. */
export async function readRows(q: Reads, keys: readonly RowKey[]) {
  if (keys.length === 0) return [];
  const { accessEvents: t, terminals, entrances, communities, credentials, residents, units } = q.t;
  const found = await q
    .select({
      event: t,
      zone: communities.zone,
      terminalName: terminals.name,
      entranceName: entrances.name,
      residentName: residents.name,
      residentUnit: units.number,
      unit: credentials.unit,
      label: credentials.label,
    })
    .from(t)
    .innerJoin(communities, eq(communities.id, t.communityId))
    .innerJoin(terminals, eq(terminals.id, t.terminalId))
    .leftJoin(entrances, eq(entrances.id, t.entranceId))
    .leftJoin(credentials, eq(credentials.id, t.credentialId))
    .leftJoin(residents, eq(residents.id, t.residentId))
    .leftJoin(units, eq(units.id, residents.unitId))
    .where(
      inArray(
        t.no,
        keys.map(({ no }) => no),
      ),
    )
    .orderBy(asc(t.no));
  const byNo = new Map(found.map((row) => [row.event.no, row]));
  return keys.flatMap(({ no }) => byNo.get(no) ?? []);
}
export type NamedRow = Awaited<ReturnType<typeof readRows>>[number];
