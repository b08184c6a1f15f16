import { invariant, type InstantMs } from '@gatecast/firmware-protocol';
import { and, asc, desc, eq, gt, inArray, isNull, lte, or } from 'drizzle-orm';
import { prepared, type Marks } from '../platform/db/prepared.ts';
import type { Reads, Tx } from '../platform/db/store.ts';
import type { Failures, SmsHistory } from './rules.ts';

export type AccountRow = Reads['t']['accounts']['$inferSelect'];

export async function findAccount(
  q: Reads,
  by: { readonly id: string } | { readonly email: string } | { readonly phoneTag: string },
): Promise<AccountRow | undefined> {
  const t = q.t.accounts;
  const match = 'id' in by ? eq(t.id, by.id) : 'email' in by ? eq(t.email, by.email) : eq(t.phoneTag, by.phoneTag);
  const [row] = await q.select().from(t).where(match);
  return row;
}

/** The account of somebody who is signed in. */
export async function accountOf(q: Reads, who: { readonly accountId: string }): Promise<AccountRow> {
  const account = await findAccount(q, { id: who.accountId });
  invariant(account, 'a session belongs to an account');
  return account;
}

export async function accountNames(q: Reads, ids: readonly string[]): Promise<ReadonlyMap<string, string>> {
  if (ids.length === 0) return new Map();
  const t = q.t.accounts;
  const found = await q
    .select({ id: t.id, name: t.name })
    .from(t)
    .where(inArray(t.id, [...new Set(ids)]));
  return new Map(found.map(({ id, name }) => [id, name]));
}

/** Of parties that people sign in for with an address. */
export async function firstAccountsOf(
  q: Reads,
  scopeIds: readonly string[],
): Promise<ReadonlyMap<string, { readonly name: string; readonly email: string }>> {
  if (scopeIds.length === 0) return new Map();
  const t = q.t.accounts;
  const found = await q
    .select({ scopeId: t.scopeId, name: t.name, email: t.email })
    .from(t)
    .where(inArray(t.scopeId, [...new Set(scopeIds)]))
    .orderBy(desc(t.createdAt), desc(t.id));
  // The earliest is set last.
  return new Map(
    found.flatMap(({ scopeId, name, email }) =>
      scopeId === null || email === null ? [] : [[scopeId, { name, email }] as const],
    ),
  );
}

export async function anyAccountExists(q: Reads): Promise<boolean> {
  return (await q.select({ id: q.t.accounts.id }).from(q.t.accounts).limit(1)).length > 0;
}

const goodSession = prepared('sessions.good', (q: Reads, v: Marks<{ tokenHash: string; now: InstantMs }>) => {
  const { sessions, accounts } = q.t;
  return q
    .select({ session: sessions, account: accounts })
    .from(sessions)
    .innerJoin(accounts, eq(accounts.id, sessions.accountId))
    .where(and(eq(sessions.tokenHash, v.tokenHash), gt(sessions.expiresAt, v.now), eq(accounts.state, 'active')));
});

/** The active account behind a session that is still good. */
export async function findSession(q: Reads, tokenHash: string, now: InstantMs) {
  const [row] = await goodSession(q, { tokenHash, now });
  return row;
}

export async function sessionsOf(q: Reads, accountId: string, now: InstantMs, after: string, take: number) {
  const t = q.t.sessions;
  return q
    .select()
    .from(t)
    .where(and(eq(t.accountId, accountId), gt(t.expiresAt, now), gt(t.id, after)))
    .orderBy(asc(t.id))
    .limit(take);
}

/** The active account behind an API key that is still good. */
export async function findApiKey(q: Reads, keyHash: string, now: InstantMs) {
  const { apiKeys, accounts } = q.t;
  const [row] = await q
    .select({ key: apiKeys, account: accounts })
    .from(apiKeys)
    .innerJoin(accounts, eq(accounts.id, apiKeys.accountId))
    .where(
      and(
        eq(apiKeys.keyHash, keyHash),
        or(isNull(apiKeys.expiresAt), gt(apiKeys.expiresAt, now)),
        eq(accounts.state, 'active'),
      ),
    );
  return row;
}

/** Uses up a link; the account it was for, or undefined if it is unknown, used or too old. */
export async function takeLink(q: Tx, linkHash: string, now: InstantMs): Promise<string | undefined> {
  const t = q.t.sessionLinks;
  const [row] = await q
    .delete(t)
    .where(and(eq(t.linkHash, linkHash), gt(t.expiresAt, now)))
    .returning();
  return row?.accountId;
}

export async function smsHistory(q: Reads, phoneTag: string): Promise<SmsHistory | undefined> {
  const [row] = await q.select().from(q.t.smsCodes).where(eq(q.t.smsCodes.phoneTag, phoneTag));
  return row;
}

/** Uses up one attempt at a texted code. `right` also uses up the code. */
export async function tryCode(
  q: Tx,
  phoneTag: string,
  now: InstantMs,
  isRight: (codeHash: string) => boolean,
): Promise<boolean> {
  const t = q.t.smsCodes;
  const live = and(eq(t.phoneTag, phoneTag), gt(t.expiresAt, now), gt(t.attemptsLeft, 0));
  const [row] = await q.select().from(t).where(live);
  if (!row) return false;
  const right = isRight(row.codeHash);
  await q
    .update(t)
    .set({ attemptsLeft: right ? 0 : row.attemptsLeft - 1 })
    .where(eq(t.phoneTag, phoneTag));
  return right;
}

export async function failuresOf(q: Reads, emailHash: string): Promise<Failures | undefined> {
  const [row] = await q.select().from(q.t.signInFailures).where(eq(q.t.signInFailures.emailHash, emailHash));
  return row;
}

export async function saveFailures(q: Tx, emailHash: string, failures: Failures): Promise<void> {
  await q
    .insert(q.t.signInFailures)
    .values({ emailHash, ...failures })
    .onConflictDoUpdate({ target: q.t.signInFailures.emailHash, set: { ...failures } });
}

export async function forgetFailures(q: Tx, emailHash: string): Promise<void> {
  await q.delete(q.t.signInFailures).where(eq(q.t.signInFailures.emailHash, emailHash));
}

/** Deletes what time has made void. */
export async function pruneIdentity(q: Tx, now: InstantMs, hourAgo: InstantMs): Promise<void> {
  await q.delete(q.t.sessions).where(lte(q.t.sessions.expiresAt, now));
  await q.delete(q.t.sessionLinks).where(lte(q.t.sessionLinks.expiresAt, now));
  await q.delete(q.t.smsCodes).where(and(lte(q.t.smsCodes.expiresAt, now), lte(q.t.smsCodes.hourFrom, hourAgo)));
  await q.delete(q.t.signInFailures).where(lte(q.t.signInFailures.lastAt, hourAgo));
  await q.delete(q.t.invitations).where(lte(q.t.invitations.expiresAt, now));
  await q.delete(q.t.apiKeys).where(lte(q.t.apiKeys.expiresAt, now));
}
