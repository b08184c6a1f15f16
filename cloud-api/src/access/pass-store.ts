import type { InstantMs } from '@gatecast/firmware-protocol';
import { passCodeCredential } from '@gatecast/firmware-protocol/messages';
import {
  and,
  count,
  eq,
  gt,
  gte,
  inArray,
  isNotNull,
  isNull,
  like,
  lt,
  lte,
  not,
  or,
  sql,
  type Column,
  type SQL,
} from 'drizzle-orm';
import type { Reads } from '../platform/db/store.ts';
import { newestFirst, type Paging } from '../platform/newest-first.ts';
import type { Pass, PassPerson } from './pass-contract.ts';
import type { CredentialRow } from './credential-store.ts';

/** A pass is a row of kind `code`; cards of it are rows of their own. */
export async function findPass(q: Reads, id: string): Promise<CredentialRow | undefined> {
  const t = q.t.credentials;
  const [row] = await q
    .select()
    .from(t)
    .where(and(eq(t.id, id), eq(t.kind, 'code')));
  return row;
}

export async function codeNoIsTaken(
  q: Reads,
  communityId: string,
  generation: number,
  codeNo: number,
): Promise<boolean> {
  const t = q.t.credentials;
  const [row] = await q
    .select({ id: t.id })
    .from(t)
    .where(and(eq(t.communityId, communityId), eq(t.generation, generation), eq(t.codeNo, codeNo)));
  return row !== undefined;
}

export interface PassFilter {
  readonly companyId?: string | undefined;
  readonly communityIds?: readonly string[] | undefined;
  readonly communityId?: string | undefined;
  readonly hostId?: string | undefined;
  readonly person?: PassPerson | undefined;
  readonly state?: Pass['state'] | undefined;
  /** Part of the label or of the host's name. */
  readonly search?: string | undefined;
  /** Valid at some time of it; half-open. */
  readonly during?: { readonly from: InstantMs; readonly to: InstantMs } | undefined;
}

/** Newest first. */
export async function listPasses(
  q: Reads,
  filter: PassFilter,
  paging: Paging,
  now: InstantMs,
): Promise<{ readonly items: readonly CredentialRow[]; readonly nextCursor: string | null }> {
  const { credentials: t, communities, residents } = q.t;
  const list = newestFirst(t.createdAt, t.id, paging);
  const found = await q
    .select({ pass: t })
    .from(t)
    .innerJoin(communities, eq(communities.id, t.communityId))
    .leftJoin(residents, eq(residents.id, t.hostId))
    .where(and(eq(t.kind, 'code'), list.where, ...conditions(q, filter, now)))
    .orderBy(...list.order)
    .limit(list.take);
  return list.page(
    found.map(({ pass }) => pass),
    ({ createdAt }) => createdAt,
    (row) => row,
  );
}

function conditions(q: Reads, filter: PassFilter, now: InstantMs): (SQL | undefined)[] {
  const { credentials: t, communities, residents } = q.t;
  const { companyId, communityIds, communityId, hostId, person, state, search, during } = filter;
  const pattern = search === undefined ? undefined : `%${search.toLowerCase().replace(/[%_\\]/g, '')}%`;
  return [
    companyId === undefined ? undefined : eq(communities.companyId, companyId),
    communityIds === undefined ? undefined : inArray(t.communityId, [...communityIds]),
    communityId === undefined ? undefined : eq(t.communityId, communityId),
    hostId === undefined ? undefined : eq(t.hostId, hostId),
    person === undefined ? undefined : eq(t.person, person),
    state === undefined ? undefined : stateIs(q, state, now),
    pattern === undefined
      ? undefined
      : or(like(sql`lower(${t.label})`, pattern), like(sql`lower(${residents.name})`, pattern)),
    during && and(lt(t.from, during.to), or(isNull(t.to), gt(t.to, during.from)), isNull(t.revokedAt)),
  ];
}

/** The same as `passState` says of one. */
function stateIs(q: Reads, state: Pass['state'], now: InstantMs): SQL | undefined {
  const t = q.t.credentials;
  if (state === 'revoked') return isNotNull(t.revokedAt);
  const usedUp = and(isNotNull(t.uses), gte(t.usedCount, t.uses));
  if (state === 'used-up') return and(isNull(t.revokedAt), usedUp);
  const unused = and(isNull(t.revokedAt), or(isNull(t.uses), lt(t.usedCount, t.uses)));
  const over = or(
    and(isNotNull(t.to), lte(t.to, now)),
    and(isNull(t.firstUsedAt), isNotNull(t.firstUseBy), lte(t.firstUseBy, now)),
    and(isNotNull(t.firstUsedAt), isNotNull(t.lastsMs), sql`${t.firstUsedAt} + ${t.lastsMs} <= ${now}`),
  );
  if (state === 'expired') return and(unused, over);
  return and(unused, over && not(over), state === 'scheduled' ? gt(t.from, now) : lte(t.from, now));
}

/**
 * The passes behind what doors call the credentials of openings: the id of a pass or of one of its cards, or the number of a typed pass code. Residents'
 * credentials are none.
 */
export async function passesOpenedBy(
  q: Reads,
  communityId: string,
  credentials: readonly string[],
): Promise<ReadonlyMap<string, CredentialRow>> {
  const codeNos = credentials.flatMap(codeNoOf);
  const named = await rowsIn(
    q,
    q.t.credentials.id,
    credentials.filter((each) => codeNoOf(each).length === 0),
  );
  const ofCodes = (await rowsIn(q, q.t.credentials.codeNo, codeNos)).filter((row) => row.communityId === communityId);
  const passIds = named.flatMap(({ passId }) => (passId === null ? [] : [passId]));
  const passes = new Map((await rowsIn(q, q.t.credentials.id, passIds)).map((pass) => [pass.id, pass]));
  const opened = new Map<string, CredentialRow>();
  for (const row of named) {
    const pass = row.kind === 'code' ? row : passes.get(row.passId ?? '');
    // One object for a pass and its cards, so that their uses are counted together.
    if (pass) opened.set(row.id, passes.get(pass.id) ?? pass);
  }
  // The number of a code is taken once in each generation of keys; doors know the codes of the newest.
  for (const row of ofCodes.sort((a, b) => (a.generation ?? 0) - (b.generation ?? 0)))
    if (row.codeNo !== null)
      opened.set(passCodeCredential(row.codeNo), opened.get(row.id) ?? passes.get(row.id) ?? row);
  return opened;
}

const codeNoOf = (credential: string): number[] => {
  const digits = /^code_(\d{1,15})$/.exec(credential)?.[1];
  return digits === undefined ? [] : [Number(digits)];
};

/** Ids of one query. */
const chunk = 200;

async function rowsIn(
  q: Reads,
  column: Column,
  values: readonly (string | number)[],
): Promise<CredentialRow[]> {
  const found: CredentialRow[] = [];
  for (let from = 0; from < values.length; from += chunk) {
    const part = values.slice(from, from + chunk);
    found.push(...(await q.select().from(q.t.credentials).where(inArray(column, part))));
  }
  return found;
}

/** Of the resident's invitations, those that can still be used. */
export async function countOpenOf(q: Reads, hostId: string, now: InstantMs): Promise<number> {
  const t = q.t.credentials;
  const [row] = await q
    .select({ n: count() })
    .from(t)
    .where(
      and(
        eq(t.hostId, hostId),
        eq(t.kind, 'code'),
        isNull(t.revokedAt),
        or(isNull(t.to), gt(t.to, now)),
        or(isNull(t.uses), lt(t.usedCount, t.uses)),
      ),
    );
  return row?.n ?? 0;
}

/** How many cards that open belong to each of the passes. */
export async function cardCounts(q: Reads, passIds: readonly string[]): Promise<ReadonlyMap<string, number>> {
  if (passIds.length === 0) return new Map();
  const t = q.t.credentials;
  const found = await q
    .select({ id: t.passId, n: count() })
    .from(t)
    .where(and(inArray(t.passId, [...passIds]), isNull(t.revokedAt)))
    .groupBy(t.passId);
  return new Map(found.map(({ id, n }) => [id ?? '', n]));
}

export interface Host {
  readonly residentId: string;
  readonly name: string;
  readonly unit: string;
}

export async function hostsOf(q: Reads, residentIds: readonly string[]): Promise<ReadonlyMap<string, Host>> {
  if (residentIds.length === 0) return new Map();
  const { residents, units } = q.t;
  const found = await q
    .select({ residentId: residents.id, name: residents.name, unit: units.number })
    .from(residents)
    .innerJoin(units, eq(units.id, residents.unitId))
    .where(inArray(residents.id, [...residentIds]));
  return new Map(found.map((host) => [host.residentId, host]));
}
