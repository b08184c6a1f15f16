import { asc, desc, eq, lt, and, sql } from 'drizzle-orm';
import type { Clock } from '@gatecast/firmware-protocol';
import type { Page } from '../platform/contract.ts';
import { decodeCursor, pageOf, pageSizeDefault } from '../platform/cursor.ts';
import type { Reads, Tx } from '../platform/db/store.ts';
import type { Paging } from '../platform/newest-first.ts';
import type { LedgerEntry } from './contract.ts';
import { assertBalanced, type EntryKind, type Posting } from './rules.ts';

export interface EntrySet {
  readonly kind: EntryKind;
  /** The provider's or our number of the movement. */
  readonly businessNo: string;
  readonly postings: readonly Posting[];
}

/**
 * Appends an entry set. False if this movement has been posted before: then nothing happens.
 * Throws InvariantError for a set that does not add up to zero.
 */
export async function post(q: Tx, clock: Clock, { kind, businessNo, postings }: EntrySet): Promise<boolean> {
  assertBalanced(postings);
  const [set] = await q
    .insert(q.t.ledgerSets)
    .values({ kind, businessNo, at: clock.now() })
    .onConflictDoNothing()
    .returning({ id: q.t.ledgerSets.id });
  if (!set) return false;
  await q.insertMany(
    q.t.ledgerEntries,
    postings.map(({ account, amountFen }) => ({ setId: set.id, account, amountFen })),
  );
  return true;
}

/** What the entries of one account add up to. */
export async function balanceOf(q: Reads, account: string): Promise<number> {
  const t = q.t.ledgerEntries;
  const [row] = await q
    .select({ sum: sql<number>`coalesce(sum(${t.amountFen}), 0)`.mapWith(Number) })
    .from(t)
    .where(eq(t.account, account));
  return row?.sum ?? 0;
}

/** What all entries add up to: zero, always. */
export async function ledgerTotal(q: Reads): Promise<number> {
  const t = q.t.ledgerEntries;
  const [row] = await q.select({ sum: sql<number>`coalesce(sum(${t.amountFen}), 0)`.mapWith(Number) }).from(t);
  return row?.sum ?? 0;
}

/** The postings of a movement, for reversing it. */
export async function postingsOf(q: Reads, kind: EntryKind, businessNo: string): Promise<Posting[]> {
  const { ledgerEntries: e, ledgerSets: s } = q.t;
  const rows = await q
    .select({ account: e.account, amountFen: e.amountFen })
    .from(e)
    .innerJoin(s, eq(s.id, e.setId))
    .where(and(eq(s.kind, kind), eq(s.businessNo, businessNo)))
    .orderBy(asc(e.id));
  return rows as Posting[];
}

/** Newest first. */
export async function listEntries(
  q: Reads,
  { cursor, limit = pageSizeDefault, account }: Paging & { readonly account?: string | undefined },
): Promise<Page<LedgerEntry>> {
  const { ledgerEntries: e, ledgerSets: s } = q.t;
  const before = cursor === undefined ? undefined : lt(e.id, decodeCursor<[number]>(cursor, ['number'])[0]);
  const rows = await q
    .select({
      id: e.id,
      setId: e.setId,
      account: e.account,
      amountFen: e.amountFen,
      kind: s.kind,
      businessNo: s.businessNo,
      at: s.at,
    })
    .from(e)
    .innerJoin(s, eq(s.id, e.setId))
    .where(and(before, account === undefined ? undefined : eq(e.account, account)))
    .orderBy(desc(e.id))
    .limit(limit + 1);
  return pageOf(
    rows,
    limit,
    (row) => [row.id],
    ({ id, setId, ...rest }) => ({ id: String(id), entrySet: String(setId), ...rest }),
  );
}
