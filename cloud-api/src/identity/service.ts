import { createHash, createHmac, randomBytes, randomInt, timingSafeEqual } from 'node:crypto';
import { after, hours, instant, invariant, newId, type InstantMs } from '@gatecast/firmware-protocol';
import { hash, verify } from '@node-rs/argon2';
import { eq } from 'drizzle-orm';
import { z } from 'zod';
import type { Account } from '../platform/auth.ts';
import type { Reads, Tx } from '../platform/db/store.ts';
import { refusal } from '../platform/errors.ts';
import { platformOwner } from '../platform/keys/signer.ts';
import type { Platform } from '../platform/platform.ts';
import type { Me, Role, Session, SessionLink } from './contract.ts';
import {
  countFailure,
  countText,
  isBlocked,
  linkLifeMs,
  sessionLifeMs,
  smsAttemptsMax,
  smsCodeLifeMs,
} from './rules.ts';
import * as rows from './store.ts';

/** OWASP's argon2id floor: 19 MiB, two passes. */
const argon2 = { memoryCost: 19_456, timeCost: 2, parallelism: 1 } as const;
const sessionPrefix = 'gcs_';

export type NewAccountRow =
  | {
      readonly role: 'operator';
      readonly scopeId: null;
      readonly email: string;
      readonly passwordHash: string;
      readonly name: string;
    }
  | {
      readonly role: 'property' | 'merchant';
      readonly scopeId: string;
      readonly email: string;
      readonly passwordHash: string;
      readonly name: string;
    }
  | {
      readonly role: 'resident';
      readonly scopeId: string;
      readonly residentId: string;
      readonly phoneTag: string;
      readonly name: string;
    };

/** The name of the party that an account acts for. */
export type ScopeName = (q: Reads, scopeId: string) => Promise<string>;

export interface Identity {
  /** Slow on purpose: call it before the transaction. */
  hashPassword(password: string): Promise<string>;
  /** Rejects with `email-taken` or `phone-taken`. */
  createAccount(q: Tx, account: NewAccountRow): Promise<void>;
  /** A keyed hash that finds a phone without storing it. */
  phoneTag(q: Reads, phone: string): Promise<string>;
  /** Says how the scopes of a role are called; each slice that owns scopes does it once. */
  nameScopes(role: Role, name: ScopeName): void;
  signInByPassword(email: string, password: string): Promise<Session>;
  signInByCode(phone: string, code: string): Promise<Session>;
  signInByLink(link: string): Promise<Session>;
  signOut(who: Account): Promise<void>;
  createLink(who: Account): Promise<SessionLink>;
  sendCode(phone: string): Promise<void>;
  me(who: Account): Promise<Me>;
  /** Makes the first operator if there is no account at all. */
  start(): Promise<void>;
}

export function createIdentity(platform: Platform): Identity {
  const { store, clock, signer, config, outbox, log, audit } = platform;
  const scopeNames = new Map<Role, ScopeName>();
  /** Compared against when the address is unknown, so that both answers take as long. */
  const nobodysHash = hash(randomBytes(16).toString('hex'), argon2);

  platform.authenticateWith(async (bearer) => {
    if (!bearer.startsWith(sessionPrefix)) return undefined;
    const found = await rows.findSession(store.read, sha256(bearer), clock.now());
    return found && principalOf(found.account, found.sessionId);
  });

  const meOf = async (account: rows.AccountRow): Promise<Me> => {
    const { role, name, scopeId } = account;
    const scopeName = scopeId === null ? undefined : await scopeNames.get(role)?.(store.read, scopeId);
    return { role, name, scope: scopeId === null ? null : { id: scopeId, name: scopeName ?? '' } };
  };

  const openSession = async (q: Tx, accountId: string): Promise<{ token: string; expiresAt: InstantMs }> => {
    const token = `${sessionPrefix}${randomBytes(32).toString('base64url')}`;
    const expiresAt = after(clock.now(), sessionLifeMs);
    const id = newId('session');
    await q.insert(q.t.sessions).values({ id, tokenHash: sha256(token), accountId, createdAt: clock.now(), expiresAt });
    await audit(q, { who: 'system', action: 'session.open', subject: accountId });
    return { token, expiresAt };
  };

  const sessionFor = async (account: rows.AccountRow): Promise<Session> => {
    const opened = await store.tx((q) => openSession(q, account.id));
    return { ...opened, me: await meOf(account) };
  };

  const phoneTag = async (q: Reads, phone: string): Promise<string> => {
    const key = await signer.derive(q, 'phone-index', platformOwner, 'phone');
    return createHmac('sha256', key).update(phone).digest('base64url');
  };
  const codeHash = (tag: string, code: string) => createHmac('sha256', tag).update(code).digest('base64url');

  outbox.handle('sms', async (payload, id, signal) => {
    const text = smsText.parse(payload);
    if (!config.sms) return log.warn('no SMS gateway is configured; a code was not sent');
    const answer = await fetch(config.sms.url, {
      method: 'POST',
      signal,
      headers: {
        authorization: `Bearer ${config.sms.token}`,
        'content-type': 'application/json',
        'idempotency-key': id,
      },
      body: JSON.stringify(text),
    });
    if (!answer.ok) throw new Error(`the SMS gateway answered ${answer.status}`);
  });

  platform.jobs.handle('identity.prune', {
    everyMs: hours(1),
    run: () => store.tx((q) => rows.pruneIdentity(q, clock.now(), instant(clock.now() - hours(1)))),
  });

  return {
    hashPassword: (password) => hash(password, argon2),
    phoneTag,
    nameScopes: (role, name) => void scopeNames.set(role, name),

    async createAccount(q, account) {
      const byLogin = 'email' in account ? { email: account.email.toLowerCase() } : { phoneTag: account.phoneTag };
      if (await rows.findAccount(q, byLogin)) {
        if ('email' in account) throw refusal('email-taken', 'there is an account with this e-mail address');
        throw refusal('phone-taken', 'there is a resident with this phone');
      }
      await q.insert(q.t.accounts).values({ ...account, ...byLogin, id: newId('account'), createdAt: clock.now() });
    },

    async signInByPassword(email, password) {
      const address = email.toLowerCase();
      const emailHash = sha256(address);
      const failures = await rows.failuresOf(store.read, emailHash);
      if (isBlocked(failures, clock.now()))
        throw refusal('too-many-requests', 'too many wrong passwords; wait a while');
      const account = await rows.findAccount(store.read, { email: address });
      const right = await verify(account?.passwordHash ?? (await nobodysHash), password);
      if (account?.passwordHash && right) return sessionFor(account);
      await store.tx(async (q) =>
        rows.saveFailures(q, emailHash, countFailure(await rows.failuresOf(q, emailHash), clock.now())),
      );
      throw refusal('wrong-credentials', 'the e-mail address or the password is wrong');
    },

    async signInByCode(phone, code) {
      const tag = await phoneTag(store.read, phone);
      const right = await store.tx((q) =>
        rows.tryCode(q, tag, clock.now(), (known) => equal(known, codeHash(tag, code))),
      );
      const account = right ? await rows.findAccount(store.read, { phoneTag: tag }) : undefined;
      if (!account) throw refusal('wrong-credentials', 'the code is wrong, used or too old');
      return sessionFor(account);
    },

    async signInByLink(link) {
      const { opened, accountId } = await store.tx(async (q) => {
        const found = await rows.takeLink(q, sha256(link), clock.now());
        if (found === undefined) throw refusal('wrong-credentials', 'this link is used or too old');
        return { opened: await openSession(q, found), accountId: found };
      });
      const account = await rows.findAccount(store.read, { id: accountId });
      invariant(account, 'a link belongs to an account');
      return { ...opened, me: await meOf(account) };
    },

    async signOut(who) {
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

    async sendCode(phone) {
      const tag = await phoneTag(store.read, phone);
      await store.tx(async (q) => {
        const now = clock.now();
        const history = countText(await rows.smsHistory(q, tag), now);
        if (!history) throw refusal('too-many-requests', 'a code was just sent; wait a while');
        const code = String(randomInt(1_000_000)).padStart(6, '0');
        const fresh = {
          codeHash: codeHash(tag, code),
          attemptsLeft: smsAttemptsMax,
          expiresAt: after(now, smsCodeLifeMs),
        };
        const set = { ...fresh, ...pickHistory(history) };
        await q
          .insert(q.t.smsCodes)
          .values({ phoneTag: tag, ...set })
          .onConflictDoUpdate({ target: q.t.smsCodes.phoneTag, set });
        // An unknown phone gets no text, but the same answer in the same time.
        if (await rows.findAccount(q, { phoneTag: tag })) await outbox.send(q, 'sms', smsOf(phone, code));
      });
    },

    async me(who) {
      const account = await rows.findAccount(store.read, { id: who.accountId });
      invariant(account, 'a session belongs to an account');
      return meOf(account);
    },

    async start() {
      const first = config.firstOperator;
      if (!first || (await rows.anyAccountExists(store.read))) return;
      const passwordHash = await hash(first.password, argon2);
      await store.tx(async (q) => {
        if (await rows.anyAccountExists(q)) return;
        await this.createAccount(q, {
          role: 'operator',
          scopeId: null,
          email: first.email,
          passwordHash,
          name: 'Operator',
        });
        await audit(q, { who: 'system', action: 'account.first-operator', subject: 'operator' });
      });
    },
  };
}

const smsText = z.object({ phone: z.string(), text: z.string() });
const smsOf = (phone: string, code: string): z.infer<typeof smsText> => ({
  phone,
  text: `【门播】验证码 ${code}，5 分钟内有效。请勿告诉他人。`,
});

const pickHistory = ({ hourFrom, sentInHour, lastSentAt }: Parameters<typeof countText>[0] & object) => ({
  hourFrom,
  sentInHour,
  lastSentAt,
});

const sha256 = (text: string): string => createHash('sha256').update(text).digest('base64url');

const equal = (a: string, b: string): boolean =>
  a.length === b.length && timingSafeEqual(Buffer.from(a), Buffer.from(b));

/** An account row as who is asking. A row whose scope is missing stands for nobody. */
function principalOf(row: rows.AccountRow, sessionId: string): Account | undefined {
  const base = { kind: 'account' as const, accountId: row.id, sessionId };
  if (row.role === 'operator') return { ...base, role: 'operator' };
  if (row.scopeId === null) return undefined;
  if (row.role === 'property') return { ...base, role: 'property', companyId: row.scopeId };
  if (row.role === 'merchant') return { ...base, role: 'merchant', merchantId: row.scopeId };
  if (row.residentId === null) return undefined;
  return { ...base, role: 'resident', residentId: row.residentId, communityId: row.scopeId };
}
