import { instant, type InstantMs } from '@gatecast/firmware-protocol';
import { and, desc, eq, gte, inArray, like, lt, notInArray, or, type SQL } from 'drizzle-orm';
import { companyOnlyDeeds } from '../platform/audit.ts';
import type { Page } from '../platform/contract.ts';
import { decodeCursor, pageOf, pageSizeDefault } from '../platform/cursor.ts';
import type { Reads } from '../platform/db/store.ts';
import type { Paging } from '../platform/newest-first.ts';
import type { Platform } from '../platform/platform.ts';
import type { AuditEntry } from './contract.ts';
import type { Directory } from './directory.ts';
import type { TeamLead } from './invitation-rules.ts';

interface AuditQuery extends Paging {
  /** An account's id. */
  readonly actor?: string | undefined;
  /** The beginning of an action: `command` for all of them. */
  readonly action?: string | undefined;
  /** Id of what it was done to. */
  readonly subject?: string | undefined;
  readonly from?: number | undefined;
  readonly to?: number | undefined;
}
type AuditRow = Reads['t']['audit']['$inferSelect'];

export interface AuditLog {
  /** What was done for the caller's party, newest first; the operator sees all of it but what is told to companies alone. */
  list(who: TeamLead, query: AuditQuery): Promise<Page<AuditEntry>>;
}

export function createAuditLog({ store }: Platform, directory: Directory): AuditLog {
  return {
    async list(who, { cursor, limit = pageSizeDefault, ...filter }) {
      const q = store.read;
      const t = q.t.audit;
      const before = cursor === undefined ? undefined : decodeCursor<[number, number]>(cursor, ['number', 'number']);
      const found = await q
        .select()
        .from(t)
        .where(and(ofParty(who, t), ...conditionsOf(filter, t), before && isBefore(t, instant(before[0]), before[1])))
        .orderBy(desc(t.at), desc(t.id))
        .limit(limit + 1);
      const accounts = await accountsNamed(q, found);
      const names = await namesOf(q, directory, found, accounts);
      return pageOf(
        found,
        limit,
        (row) => [row.at, row.id],
        (row) => ({
          id: String(row.id),
          at: row.at,
          actor: actorOf(row, accounts, names),
          action: row.action,
          subject: row.subject,
          subjectName: accounts.get(row.subject)?.name ?? names.get(row.subject) ?? null,
          facts: row.facts,
        }),
      );
    },
  };
}

function ofParty(who: TeamLead, t: Reads['t']['audit']): SQL | undefined {
  switch (who.role) {
    case 'operator':
      return notInArray(t.action, [...companyOnlyDeeds]);
    case 'property':
      return eq(t.companyId, who.companyId);
    case 'merchant':
      return eq(t.merchantId, who.merchantId);
  }
}

const conditionsOf = (
  { actor, action, subject, from, to }: AuditQuery,
  t: Reads['t']['audit'],
): (SQL | undefined)[] => [
  actor === undefined ? undefined : eq(t.actor, actor),
  action === undefined ? undefined : like(t.action, `${action}%`),
  subject === undefined ? undefined : eq(t.subject, subject),
  from === undefined ? undefined : gte(t.at, instant(from)),
  to === undefined ? undefined : lt(t.at, instant(to)),
];

const isBefore = (t: Reads['t']['audit'], at: InstantMs, id: number): SQL | undefined =>
  or(lt(t.at, at), and(eq(t.at, at), lt(t.id, id)));

type Accounts = ReadonlyMap<string, { readonly name: string; readonly role: string }>;

/**
 * The accounts that the rows name. Of residents only the role is told: what their flat did is in the access log, where looking leaves a trace.
 */
async function accountsNamed(q: Reads, found: readonly AuditRow[]): Promise<Accounts> {
  const ids = [...new Set(found.flatMap(({ actor, subject }) => [actor, subject]))].filter((id) =>
    id.startsWith('acct_'),
  );
  if (ids.length === 0) return new Map();
  const t = q.t.accounts;
  const accounts = await q.select({ id: t.id, name: t.name, role: t.role }).from(t).where(inArray(t.id, ids));
  return new Map(accounts.map(({ id, name, role }) => [id, { name: role === 'resident' ? '' : name, role }]));
}

/** What other ids are called: communities, stores, terminals, as the slices tell. */
async function namesOf(
  q: Reads,
  directory: Directory,
  found: readonly AuditRow[],
  accounts: Accounts,
): Promise<ReadonlyMap<string, string>> {
  const ids = new Set(found.flatMap(({ actor, subject }) => [actor, subject]).filter((id) => !accounts.has(id)));
  const names = new Map<string, string>();
  for (const id of ids) {
    const listed = await directory.find(q, id);
    if (listed) names.set(id, listed.name);
  }
  return names;
}

function actorOf({ actor }: AuditRow, accounts: Accounts, names: ReadonlyMap<string, string>): AuditEntry['actor'] {
  if (actor === 'system' || actor === 'anonymous') return null;
  const account = accounts.get(actor);
  if (account) return { id: actor, ...account };
  return { id: actor, name: names.get(actor) ?? '', role: actor.startsWith('term_') ? 'terminal' : '' };
}
