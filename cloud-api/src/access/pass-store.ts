import type { InstantMs } from '@gatecast/firmware-protocol';
import { passCodeCredential } from '@gatecast/firmware-protocol/messages';
import {
  and,
  asc,
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
  type SQL,
} from 'drizzle-orm';
import type { Reads } from '../platform/db/store.ts';
import { newestFirst, type Paging } from '../platform/newest-first.ts';
import type { Pass, PassPerson } from './pass-contract.ts';
import { findGeneration } from './pass-keys-store.ts';
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
  /** Part of the label or of the host's name, or the beginning of the host's unit. */
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
  const { credentials: t, communities, residents, units } = q.t;
  const list = newestFirst(t.createdAt, t.id, paging);
  const found = await q
    .select({ pass: t })
    .from(t)
    .innerJoin(communities, eq(communities.id, t.communityId))
    .leftJoin(residents, eq(residents.id, t.hostId))
    .leftJoin(units, eq(units.id, residents.unitId))
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
  const { credentials: t, communities, residents, units } = q.t;
  const { companyId, communityIds, communityId, hostId, person, state, search, during } = filter;
  const plain = search?.toLowerCase().replace(/[%_\\]/g, '');
  const pattern = plain === undefined ? undefined : `%${plain}%`;
  return [
    companyId === undefined ? undefined : eq(communities.companyId, companyId),
    communityIds === undefined ? undefined : inArray(t.communityId, [...communityIds]),
    communityId === undefined ? undefined : eq(t.communityId, communityId),
    hostId === undefined ? undefined : eq(t.hostId, hostId),
    person === undefined ? undefined : eq(t.person, person),
    state === undefined ? undefined : stateIs(q, state, now),
    pattern === undefined
      ? undefined
      : or(
          like(sql`lower(${t.label})`, pattern),
          like(sql`lower(${residents.name})`, pattern),
          like(units.number, `${plain}%`),
        ),
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
 * credentials are none. A pass and its cards have one object, so that their uses can be counted together.
 */
export async function passesOpenedBy(
  q: Reads,
  communityId: string,
  credentials: readonly string[],
): Promise<ReadonlyMap<string, CredentialRow>> {
  const { kind, passId } = q.t.credentials;
  const ids = credentials.filter((each) => codeNoOf(each) === undefined);
  const codeNos = credentials.map(codeNoOf).filter((no) => no !== undefined);
  const named = await rowsIn(q, ids, or(eq(kind, 'code'), isNotNull(passId)));
  const coded = await passesOfCodes(q, communityId, codeNos);
  const passes = new Map([...named, ...coded].filter((row) => row.kind === 'code').map((row) => [row.id, row]));
  const missing = named.flatMap((row) => (row.passId === null || passes.has(row.passId) ? [] : [row.passId]));
  for (const row of await rowsIn(q, [...new Set(missing)])) passes.set(row.id, row);
  const names = [
    ...named.map((row) => [row.id, row.passId ?? row.id] as const),
    ...coded.flatMap(({ id, codeNo }) => (codeNo === null ? [] : [[passCodeCredential(codeNo), id] as const])),
  ];
  return new Map(
    names.flatMap(([name, id]) => {
      const pass = passes.get(id);
      return pass ? [[name, pass] as const] : [];
    }),
  );
}

/** A door may still have the keys before the newest; the newest stand last. */
async function passesOfCodes(q: Reads, communityId: string, codeNos: readonly number[]): Promise<CredentialRow[]> {
  if (codeNos.length === 0) return [];
  const t = q.t.credentials;
  const generation = (await findGeneration(q, communityId)) ?? 1;
  return q
    .select()
    .from(t)
    .where(
      and(
        eq(t.communityId, communityId),
        inArray(t.generation, [generation - 1, generation]),
        inArray(t.codeNo, [...codeNos]),
      ),
    )
    .orderBy(asc(t.generation));
}

/** The number behind `passCodeCredential`; undefined for an id. */
export const codeNoOf = (credential: string): number | undefined => {
  const digits = /^code_(\d{1,15})$/.exec(credential)?.[1];
  return digits === undefined ? undefined : Number(digits);
};

/** Ids of one query. */
const chunk = 200;

async function rowsIn(q: Reads, ids: readonly string[], condition?: SQL): Promise<CredentialRow[]> {
  const t = q.t.credentials;
  const found: CredentialRow[] = [];
  for (let from = 0; from < ids.length; from += chunk) {
    const part = ids.slice(from, from + chunk);
    found.push(
      ...(await q
        .select()
        .from(t)
        .where(and(inArray(t.id, part), condition))),
    );
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
