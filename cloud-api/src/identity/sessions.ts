import { randomBytes } from 'node:crypto';
import { after, newId, type InstantMs } from '@gatecast/firmware-protocol';
import { and, eq, ne } from 'drizzle-orm';
import type { Account } from '../platform/auth.ts';
import type { Page } from '../platform/contract.ts';
import { decodeCursor, pageOf, pageSizeDefault } from '../platform/cursor.ts';
import type { Tx } from '../platform/db/store.ts';
import { notFound, refusal } from '../platform/errors.ts';
import type { Paging } from '../platform/newest-first.ts';
import type { Platform } from '../platform/platform.ts';
import type { OwnSession, SessionLink } from './contract.ts';
import { sha256 } from './digest.ts';
import { principalOf } from './principal.ts';
import { linkLifeMs, seenEveryMs, sessionLifeMs } from './rules.ts';
import * as rows from './store.ts';

const sessionPrefix = 'gcs_';

interface OpenedSession {
  readonly token: string;
  readonly expiresAt: InstantMs;
}

export interface Sessions {
  /** `device` as `deviceOf` tells it. */
  open(q: Tx, accountId: string, device: string): Promise<OpenedSession>;
  close(who: Account): Promise<void>;
  list(who: Account, paging: Paging): Promise<Page<OwnSession>>;
  /** Ends one of the own sessions. Rejects with `not-found`. */
  revoke(who: Account, id: string): Promise<void>;
  /** Ends every session of the account but the one that asks. */
  revokeOthers(q: Tx, who: Account): Promise<void>;
  /** A link that signs the same person in on another device, once, within a minute. */
  createLink(who: Account): Promise<SessionLink>;
  /** Rejects with `wrong-credentials` if the link is unknown, used or too old. */
  openByLink(link: string, device: string): Promise<OpenedSession & { readonly accountId: string }>;
}

/** Random bearers; only their hashes are stored. */
export function createSessions(platform: Platform): Sessions {
  const { store, clock, audit } = platform;
  recogniseSessions(platform);

  const open = async (q: Tx, accountId: string, device: string): Promise<OpenedSession> => {
    const token = `${sessionPrefix}${randomBytes(32).toString('base64url')}`;
    const now = clock.now();
    const expiresAt = after(now, sessionLifeMs);
    const row = { id: newId('session'), tokenHash: sha256(token), accountId, createdAt: now, expiresAt };
    await q.insert(q.t.sessions).values({ ...row, lastSeenAt: now, device });
    await q.update(q.t.accounts).set({ lastSeenAt: now }).where(eq(q.t.accounts.id, accountId));
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
    async list(who, { cursor, limit = pageSizeDefault }) {
      const start = cursor === undefined ? '' : decodeCursor<[string]>(cursor, ['string'])[0];
      const found = await rows.sessionsOf(store.read, who.accountId, clock.now(), start, limit + 1);
      const keyOf = ({ id }: { readonly id: string }) => [id];
      return pageOf(found, limit, keyOf, ({ id, createdAt, lastSeenAt, device }) => ({
        id,
        createdAt,
        lastSeenAt: lastSeenAt ?? createdAt,
        device,
        current: id === who.sessionId,
      }));
    },
    revoke: (who, id) =>
      store.tx(async (q) => {
        const t = q.t.sessions;
        const own = and(eq(t.id, id), eq(t.accountId, who.accountId));
        const ended = await q.delete(t).where(own).returning({ id: t.id });
        if (ended.length === 0) throw notFound('session');
        await audit(q, { who, action: 'session.revoke', subject: id });
      }),
    async revokeOthers(q, who) {
      const { sessions, sessionLinks } = q.t;
      await q.delete(sessions).where(and(eq(sessions.accountId, who.accountId), ne(sessions.id, who.sessionId)));
      await q.delete(sessionLinks).where(eq(sessionLinks.accountId, who.accountId));
      await audit(q, { who, action: 'session.revoke-others', subject: who.accountId });
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
    openByLink: (link, device) =>
      store.tx(async (q) => {
        const accountId = await rows.takeLink(q, sha256(link), clock.now());
        if (accountId === undefined) throw refusal('wrong-credentials', 'this link is used or too old');
        return { ...(await open(q, accountId, device)), accountId };
      }),
  };
}

/** Bearers of sessions; that one was seen is written once a minute at most, so that looking costs no writes. */
function recogniseSessions(platform: Platform): void {
  const { store, clock } = platform;
  platform.authenticateWith(async (bearer) => {
    if (!bearer.startsWith(sessionPrefix)) return undefined;
    const now = clock.now();
    const found = await rows.findSession(store.read, sha256(bearer), now);
    if (!found) return undefined;
    const { session, account } = found;
    if (now >= after(session.lastSeenAt ?? session.createdAt, seenEveryMs)) {
      await store.tx(async (q) => {
        await q.update(q.t.sessions).set({ lastSeenAt: now }).where(eq(q.t.sessions.id, session.id));
        await q.update(q.t.accounts).set({ lastSeenAt: now }).where(eq(q.t.accounts.id, account.id));
      });
    }
    return principalOf(account, { sessionId: session.id, scopes: null });
  });
}
