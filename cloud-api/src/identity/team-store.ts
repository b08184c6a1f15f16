import { and, asc, eq, gt, inArray, ne, or, type SQL } from 'drizzle-orm';
import type { InstantMs } from '@gatecast/firmware-protocol';
import type { Reads, Tx } from '../platform/db/store.ts';
import type { InvitedRole, Role } from './contract.ts';
import { rolesUnder, type TeamLead } from './invitation-rules.ts';

type Accounts = Reads['t']['accounts'];
type Invitations = Reads['t']['invitations'];

/** Accounts or invitations of the lead's party, of these roles. */
function ofParty(who: TeamLead, t: Accounts | Invitations, roles: readonly InvitedRole[]): SQL | undefined {
  const named = inArray(t.role, [...roles]);
  switch (who.role) {
    case 'operator':
      return and(named, ne(t.role, 'resident'));
    case 'property':
      // A leader's scope is the community; the company stands beside it.
      return and(named, or(and(eq(t.scopeId, who.companyId), ne(t.role, 'leader')), eq(t.companyId, who.companyId)));
    case 'merchant':
      return and(named, eq(t.scopeId, who.merchantId));
  }
}

/** What the lead may change: its party's accounts or invitations, of the roles that it may give. */
export const isUnder = (who: TeamLead, t: Accounts | Invitations): SQL | undefined => ofParty(who, t, rolesUnder(who));

/** What the lead sees: those, and its equals. */
function isSeen(who: TeamLead, t: Accounts | Invitations, role: Role | undefined): SQL | undefined {
  const seen = [...new Set([...rolesUnder(who), who.role])];
  return ofParty(who, t, role === undefined ? seen : seen.filter((one) => one === role));
}

export async function teamAccounts(
  q: Reads,
  who: TeamLead,
  role: Role | undefined,
  after: string,
  take: number,
): Promise<Accounts['$inferSelect'][]> {
  const t = q.t.accounts;
  return q
    .select()
    .from(t)
    .where(and(isSeen(who, t, role), gt(t.id, after)))
    .orderBy(asc(t.id))
    .limit(take);
}

export async function teamInvitations(
  q: Reads,
  who: TeamLead,
  role: Role | undefined,
  { now, after, take }: { readonly now: InstantMs; readonly after: string; readonly take: number },
): Promise<Invitations['$inferSelect'][]> {
  const t = q.t.invitations;
  return q
    .select()
    .from(t)
    .where(and(isSeen(who, t, role), gt(t.expiresAt, now), gt(t.id, after)))
    .orderBy(asc(t.id))
    .limit(take);
}

/** Which of these accounts sign in with a second factor. */
export async function withTotp(q: Reads, accountIds: readonly string[]): Promise<ReadonlySet<string>> {
  if (accountIds.length === 0) return new Set();
  const t = q.t.totps;
  const found = await q
    .select({ id: t.accountId, confirmedAt: t.confirmedAt })
    .from(t)
    .where(inArray(t.accountId, [...accountIds]));
  return new Set(found.filter(({ confirmedAt }) => confirmedAt !== null).map(({ id }) => id));
}

/** All that lets an account in, gone at once: sessions, links to sessions, API keys; and the invitations that it wrote. */
export async function lockOut(q: Tx, accountId: string): Promise<void> {
  const { sessions, sessionLinks, apiKeys, invitations } = q.t;
  await q.delete(sessions).where(eq(sessions.accountId, accountId));
  await q.delete(sessionLinks).where(eq(sessionLinks.accountId, accountId));
  await q.delete(apiKeys).where(eq(apiKeys.accountId, accountId));
  await q.delete(invitations).where(eq(invitations.invitedBy, accountId));
}
