import { after, newId } from '@gatecast/firmware-protocol';
import { and, eq, gt } from 'drizzle-orm';
import type { z } from 'zod';
import type { Reads } from '../platform/db/store.ts';
import { notFound, refusal } from '../platform/errors.ts';
import { once, type Call } from '../platform/idempotency.ts';
import { platformOwner } from '../platform/keys/signer.ts';
import type { Platform } from '../platform/platform.ts';
import { insertAccount, requireFreeEmail } from './accounts.ts';
import type { InvitationCreated, InvitationLook, newInvitation } from './contract.ts';
import { sha256 } from './digest.ts';
import type { Directory } from './directory.ts';
import { rolesUnder, type TeamLead } from './invitation-rules.ts';
import { hashNewPassword } from './passwords.ts';
import { invitationLifeMs } from './rules.ts';
import type { Sessions } from './sessions.ts';
import { tellTeam } from './team-event.ts';
import { isUnder } from './team-store.ts';

type Input = z.output<typeof newInvitation>;
type InvitationRow = Reads['t']['invitations']['$inferSelect'];
/** Where in the world of parties an account stands. */
type Place = Pick<InvitationRow, 'scopeId' | 'storeId' | 'companyId' | 'communityIds'>;

export interface Invitations {
  /** The token is shown once. Rejects with `forbidden` for a role that is not the caller's to give, `not-found` for a place that is not, or `email-taken`. */
  invite(who: TeamLead, input: Input, call: Call): Promise<InvitationCreated>;
  /** Rejects with `not-found`. */
  revoke(who: TeamLead, id: string): Promise<void>;
  /** Rejects with `invitation-unknown` when it is used, revoked or older than seven days. */
  look(token: string): Promise<InvitationLook>;
  /** Makes the account and signs it in. Rejects like `look`, or with `password-common` or `email-taken`. */
  accept(token: string, password: string, device: string): Promise<OpenedAccount>;
}
type OpenedAccount = Awaited<ReturnType<Sessions['open']>> & { readonly accountId: string };

export function createInvitations(platform: Platform, directory: Directory, sessions: Sessions): Invitations {
  const { store, clock, signer, audit } = platform;

  /** Made from the id, so that an answer that got lost can be given again; without our key nobody can. */
  const tokenOf = async (q: Reads, id: string): Promise<string> =>
    (await signer.derive(q, 'account-secret', platformOwner, `invitation|${id}`)).toString('base64url');
  const find = async (q: Reads, token: string): Promise<InvitationRow> => {
    const t = q.t.invitations;
    const live = and(eq(t.tokenHash, sha256(token)), gt(t.expiresAt, clock.now()));
    const [row] = await q.select().from(t).where(live);
    if (!row) throw refusal('invitation-unknown', 'this invitation is used, revoked or too old');
    return row;
  };

  return {
    async invite(who, input, call) {
      if (!rolesUnder(who).includes(input.role)) throw refusal('forbidden', 'this role is not yours to give');
      const place = await placeOf(store.read, directory, who, input);
      const { role, name, email } = input;
      const made = await store.tx((q) =>
        once(q, clock, call, async () => {
          await requireFreeEmail(q, email);
          const id = newId('invitation');
          const expiresAt = after(clock.now(), invitationLifeMs);
          const by = { invitedBy: who.accountId, createdAt: clock.now(), expiresAt };
          const tokenHash = sha256(await tokenOf(q, id));
          await q
            .insert(q.t.invitations)
            .values({ id, tokenHash, role, name, email: email.toLowerCase(), ...place, ...by });
          await audit(q, { who, action: 'invitation.create', subject: id, facts: { role, ...place } });
          return { id, expiresAt };
        }),
      );
      return { ...made, token: await tokenOf(store.read, made.id) };
    },
    revoke: (who, id) =>
      store.tx(async (q) => {
        const t = q.t.invitations;
        const revoked = await q
          .delete(t)
          .where(and(eq(t.id, id), isUnder(who, t)))
          .returning({ id: t.id });
        if (revoked.length === 0) throw notFound('invitation');
        await audit(q, { who, action: 'invitation.revoke', subject: id });
      }),
    async look(token) {
      const { role, name, email, scopeId, expiresAt } = await find(store.read, token);
      const party = scopeId === null ? undefined : await directory.find(store.read, scopeId);
      return { role, name, email, partyName: party?.name ?? null, expiresAt };
    },
    async accept(token, password, device) {
      const asked = await find(store.read, token);
      const passwordHash = await hashNewPassword(password, [asked.email, asked.name]);
      return store.tx(async (q) => {
        const { id, role, name, email, scopeId, storeId, companyId, communityIds, invitedBy } = await find(q, token);
        await q.delete(q.t.invitations).where(eq(q.t.invitations.id, id));
        const place = { scopeId, storeId, companyId, communityIds };
        const accountId = await insertAccount(q, clock, { role, name, email, passwordHash, ...place });
        await audit(q, { who: 'system', action: 'invitation.accept', subject: accountId, facts: { role, invitedBy } });
        await tellTeam(platform, q, { id: accountId, role, scopeId, companyId });
        return { ...(await sessions.open(q, accountId, device)), accountId };
      });
    },
  };
}

const nowhere: Place = { scopeId: null, storeId: null, companyId: null, communityIds: null };

/** What the invited may act for, as far as it is the inviter's to give. Rejects with `not-found`, or `invalid-request` for a place left out. */
async function placeOf(q: Reads, directory: Directory, who: TeamLead, input: Input): Promise<Place> {
  const known = async (id: string | undefined, field: keyof Input, prefix: string) => {
    if (id === undefined) throw refusal('invalid-request', `${field} is missing`, { field });
    const listed = id.startsWith(`${prefix}_`) ? await directory.find(q, id) : undefined;
    if (!listed) throw notFound(field.replace(/Id$/, ''));
    return { id, ownerId: listed.ownerId };
  };
  const company = async () => {
    if (who.role === 'property' && (input.companyId ?? who.companyId) !== who.companyId) throw notFound('company');
    return (await known(who.role === 'property' ? who.companyId : input.companyId, 'companyId', 'prop')).id;
  };

  switch (input.role) {
    case 'operator':
      return nowhere;
    case 'property':
      return { ...nowhere, scopeId: await company() };
    case 'guard': {
      const scopeId = await company();
      await requireCommunities(q, directory, scopeId, input.communityIds ?? []);
      return { ...nowhere, scopeId, communityIds: input.communityIds ?? null };
    }
    case 'merchant':
      return { ...nowhere, scopeId: (await known(input.merchantId, 'merchantId', 'mrch')).id };
    case 'store-staff': {
      const store = await known(input.storeId, 'storeId', 'stor');
      if (who.role === 'merchant' && store.ownerId !== who.merchantId) throw notFound('store');
      return { ...nowhere, scopeId: store.ownerId, storeId: store.id };
    }
    case 'leader': {
      const community = await known(input.communityId, 'communityId', 'comm');
      if (who.role === 'property' && community.ownerId !== who.companyId) throw notFound('community');
      return { ...nowhere, scopeId: community.id, companyId: community.ownerId };
    }
    case 'supplier':
      return { ...nowhere, scopeId: (await known(input.supplierId, 'supplierId', 'supp')).id };
  }
}

/** Rejects with `not-found` if one of the communities is not the company's. */
export async function requireCommunities(
  q: Reads,
  directory: Directory,
  companyId: string,
  communityIds: readonly string[],
): Promise<void> {
  for (const id of communityIds) {
    if ((await directory.find(q, id))?.ownerId !== companyId) throw notFound('community');
  }
}
