import { randomBytes } from 'node:crypto';
import { after, newId, type InstantMs } from '@gatecast/firmware-protocol';
import { eq } from 'drizzle-orm';
import type { Account } from '../platform/auth.ts';
import type { Tx } from '../platform/db/store.ts';
import { refusal } from '../platform/errors.ts';
import type { Platform } from '../platform/platform.ts';
import type { SessionLink } from './contract.ts';
import { sha256 } from './digest.ts';
import { linkLifeMs, sessionLifeMs } from './rules.ts';
import * as rows from './store.ts';

const sessionPrefix = 'gcs_';

interface OpenedSession {
  readonly token: string;
  readonly expiresAt: InstantMs;
}

export interface Sessions {
  open(q: Tx, accountId: string): Promise<OpenedSession>;
  close(who: Account): Promise<void>;
  /** A link that signs the same person in on another device, once, within a minute. */
  createLink(who: Account): Promise<SessionLink>;
  /** Rejects with `wrong-credentials` if the link is unknown, used or too old. */
  openByLink(link: string): Promise<OpenedSession & { readonly accountId: string }>;
}

/** Random bearers; only their hashes are stored. */
export function createSessions(platform: Platform): Sessions {
  const { store, clock, audit } = platform;

  platform.authenticateWith(async (bearer) => {
    if (!bearer.startsWith(sessionPrefix)) return undefined;
    const found = await rows.findSession(store.read, sha256(bearer), clock.now());
    return found && principalOf(found.account, { sessionId: found.sessionId, scopes: null });
  });

  const open = async (q: Tx, accountId: string): Promise<OpenedSession> => {
    const token = `${sessionPrefix}${randomBytes(32).toString('base64url')}`;
    const now = clock.now();
    const expiresAt = after(now, sessionLifeMs);
    await q
      .insert(q.t.sessions)
      .values({ id: newId('session'), tokenHash: sha256(token), accountId, createdAt: now, expiresAt });
    await audit(q, { who: 'system', action: 'session.open', subject: accountId });
    return { token, expiresAt };
  };

  return {
    open,
    async close(who) {
      await store.tx(async (q) => {
        await q.delete(q.t.sessions).where(eq(q.t.sessions.id, who.sessionId));
        await audit(q, { who, action: 'session.close', subject: who.accountId });
      });
    },
    async createLink(who) {
      const link = randomBytes(32).toString('base64url');
      const expiresAt = after(clock.now(), linkLifeMs);
      await store.tx(async (q) => {
        await q.insert(q.t.sessionLinks).values({ linkHash: sha256(link), accountId: who.accountId, expiresAt });
        await audit(q, { who, action: 'session-link.create', subject: who.accountId });
      });
      return { link, expiresAt };
    },
    openByLink: (link) =>
      store.tx(async (q) => {
        const accountId = await rows.takeLink(q, sha256(link), clock.now());
        if (accountId === undefined) throw refusal('wrong-credentials', 'this link is used or too old');
        return { ...(await open(q, accountId)), accountId };
      }),
  };
}

/** An account row as who is asking. A row whose scope is missing stands for nobody. */
function principalOf(row: rows.AccountRow, by: Pick<Account, 'sessionId' | 'scopes'>): Account | undefined {
  const { role, scopeId, storeId, residentId, communityIds } = row;
  const base = { kind: 'account' as const, accountId: row.id, ...by };
  if (role === 'operator') return { ...base, role };
  if (scopeId === null) return undefined;
  switch (role) {
    case 'property':
      return { ...base, role, companyId: scopeId };
    case 'guard':
      return { ...base, role, companyId: scopeId, communityIds };
    case 'merchant':
      return { ...base, role, merchantId: scopeId };
    case 'store-staff':
      return storeId === null ? undefined : { ...base, role, merchantId: scopeId, storeId };
    case 'leader':
      return { ...base, role, communityId: scopeId };
    case 'supplier':
      return { ...base, role, supplierId: scopeId };
    case 'resident':
      return residentId === null ? undefined : { ...base, role, residentId, communityId: scopeId };
  }
}
