import { and, eq } from 'drizzle-orm';
import type { z } from 'zod';
import type { Page } from '../platform/contract.ts';
import { decodeCursor, pageOf, pageSizeDefault } from '../platform/cursor.ts';
import type { Reads, Tx } from '../platform/db/store.ts';
import { notFound, refusal } from '../platform/errors.ts';
import type { Paging } from '../platform/newest-first.ts';
import type { Platform } from '../platform/platform.ts';
import type { Role, TeamMember, teamMemberPatch } from './contract.ts';
import type { Directory } from './directory.ts';
import { isInvitedRole, type TeamLead } from './invitation-rules.ts';
import { requireCommunities } from './invitations.ts';
import { tellTeam } from './team-event.ts';
import { isUnder, lockOut, teamAccounts, teamInvitations, withTotp } from './team-store.ts';

type AccountRow = Reads['t']['accounts']['$inferSelect'];
type InvitationRow = Reads['t']['invitations']['$inferSelect'];
type Patch = z.output<typeof teamMemberPatch>;

export interface Team {
  /** The own party's accounts, then its open invitations. */
  list(who: TeamLead, query: Paging & { readonly role?: Role | undefined }): Promise<Page<TeamMember>>;
  /** A suspended account loses its sessions and keys at once. Rejects with `not-found`, or `own-account` for suspending oneself. */
  change(who: TeamLead, id: string, patch: Patch): Promise<TeamMember>;
}

export function createTeam(platform: Platform, directory: Directory): Team {
  const { store, clock, audit } = platform;

  const showAccounts = async (q: Reads, accounts: readonly AccountRow[]): Promise<TeamMember[]> => {
    const secured = await withTotp(
      q,
      accounts.map(({ id }) => id),
    );
    return accounts.flatMap(({ id, name, email, role, communityIds, storeId, state, lastSeenAt }) =>
      isInvitedRole(role)
        ? [{ id, name, email: email ?? '', role, communityIds, storeId, state, totp: secured.has(id), lastSeenAt }]
        : [],
    );
  };
  const apply = async (q: Tx, who: TeamLead, account: AccountRow, patch: Patch): Promise<void> => {
    const { name, communityIds, state } = patch;
    if (communityIds !== undefined) {
      if (account.role !== 'guard') throw refusal('invalid-request', 'only a guard keeps some of the communities');
      await requireCommunities(q, directory, account.scopeId ?? '', communityIds ?? []);
    }
    if (state === 'suspended') {
      if (account.id === who.accountId) throw refusal('own-account', 'nobody can suspend themselves');
      await lockOut(q, account.id);
    }
    const set = {
      ...(name === undefined ? {} : { name }),
      ...(communityIds === undefined ? {} : { communityIds }),
      ...(state === undefined ? {} : { state }),
    };
    if (Object.keys(set).length === 0) return;
    await q.update(q.t.accounts).set(set).where(eq(q.t.accounts.id, account.id));
    // A name is personal: that it changed is enough.
    const facts = { fields: Object.keys(set), ...(state === undefined ? {} : { state }) };
    await audit(q, { who, action: 'team.change', subject: account.id, facts });
    await tellTeam(platform, q, account);
  };

  return {
    async list(who, { role, cursor, limit = pageSizeDefault }) {
      const after = cursor === undefined ? '' : decodeCursor<[string]>(cursor, ['string'])[0];
      // `acct_…` stands before `invt_…`, so one cursor runs through both.
      const accounts = await teamAccounts(store.read, who, role, after, limit + 1);
      const take = limit + 1 - accounts.length;
      const invited = take > 0 ? await teamInvitations(store.read, who, role, { now: clock.now(), after, take }) : [];
      const members = [...(await showAccounts(store.read, accounts)), ...invited.map(shownInvitation)];
      return pageOf(
        members,
        limit,
        ({ id }) => [id],
        (member) => member,
      );
    },
    change: (who, id, patch) =>
      store.tx(async (q) => {
        const t = q.t.accounts;
        const mine = async () =>
          (
            await q
              .select()
              .from(t)
              .where(and(eq(t.id, id), isUnder(who, t)))
          )[0];
        const account = await mine();
        if (!account) throw notFound('account');
        await apply(q, who, account, patch);
        const changed = await mine();
        const [member] = changed ? await showAccounts(q, [changed]) : [];
        if (!member) throw notFound('account');
        return member;
      }),
  };
}

const shownInvitation = ({ id, name, email, role, communityIds, storeId }: InvitationRow): TeamMember => ({
  id,
  name,
  email,
  role,
  communityIds,
  storeId,
  state: 'invited',
  totp: false,
  lastSeenAt: null,
});
