import { randomBytes } from 'node:crypto';
import { hours, instant, invariant, newId } from '@gatecast/firmware-protocol';
import { hash, verify } from '@node-rs/argon2';
import type { Account } from '../platform/auth.ts';
import type { Reads, Tx } from '../platform/db/store.ts';
import { refusal } from '../platform/errors.ts';
import type { Platform } from '../platform/platform.ts';
import type { Me, Role, Session, SessionLink } from './contract.ts';
import { sha256 } from './digest.ts';
import { countFailure, isBlocked } from './rules.ts';
import { createSessions } from './sessions.ts';
import { createResidentAccounts, type ResidentAccounts } from './resident-accounts.ts';
import * as rows from './store.ts';
import { createTextedCodes } from './texted-codes.ts';

/** OWASP's argon2id floor: 19 MiB, two passes. */
const argon2 = { memoryCost: 19_456, timeCost: 2, parallelism: 1 } as const;

interface PasswordLogin {
  readonly email: string;
  /** Of `hashPassword`. */
  readonly passwordHash: string;
  readonly name: string;
}
type NewAccountRow =
  | (PasswordLogin & { readonly role: 'operator'; readonly scopeId: null })
  | (PasswordLogin & { readonly role: 'property' | 'merchant'; readonly scopeId: string })
  | {
      readonly role: 'resident';
      readonly scopeId: string;
      readonly residentId: string;
      readonly phoneTag: string;
      readonly name: string;
    };

/** The name of the party that an account acts for. */
type ScopeName = (q: Reads, scopeId: string) => Promise<string>;

export interface Identity {
  readonly residents: ResidentAccounts;
  /** Slow on purpose: call it before the transaction. */
  hashPassword(password: string): Promise<string>;
  /** Rejects with `email-taken` or `phone-taken`. */
  createAccount(q: Tx, account: NewAccountRow): Promise<void>;
  /** A keyed hash that finds a phone without storing it. */
  phoneTag(q: Reads, phone: string): Promise<string>;
  /** Says how the scopes of a role are called; each slice that owns scopes does it once. */
  nameScopes(role: Role, name: ScopeName): void;
  /** Rejects with `wrong-credentials`, or with `too-many-requests` after several in a row. */
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
  const { store, clock, jobs } = platform;
  const sessions = createSessions(platform);
  const codes = createTextedCodes(platform);
  const scopeNames = new Map<Role, ScopeName>();
  const checkPassword = passwordCheck(platform);

  jobs.handle('identity.prune', {
    everyMs: hours(1),
    run: () => store.tx((q) => rows.pruneIdentity(q, clock.now(), instant(clock.now() - hours(1)))),
  });

  const meOf = async ({ role, name, scopeId, email, communityIds }: rows.AccountRow): Promise<Me> => {
    const base = { role, name, email, communityIds, totp: false };
    if (scopeId === null) return { ...base, scope: null };
    const scopeName = await scopeNames.get(role)?.(store.read, scopeId);
    return { ...base, scope: { id: scopeId, name: scopeName ?? '' } };
  };
  const accountOf = async (id: string): Promise<rows.AccountRow> => {
    const account = await rows.findAccount(store.read, { id });
    invariant(account, 'a session belongs to an account');
    return account;
  };
  const sessionFor = async (account: rows.AccountRow): Promise<Session> => ({
    ...(await store.tx((q) => sessions.open(q, account.id))),
    me: await meOf(account),
  });

  return {
    residents: createResidentAccounts(platform),
    hashPassword,
    createAccount: (q, account) => createAccount(q, platform, account),
    phoneTag: codes.phoneTag,
    nameScopes: (role, name) => void scopeNames.set(role, name),
    signInByPassword: async (email, password) => sessionFor(await checkPassword(email.toLowerCase(), password)),
    async signInByCode(phone, code) {
      const account = await codes.redeem(phone, code);
      if (!account) throw refusal('wrong-credentials', 'the code is wrong, used or too old');
      return sessionFor(account);
    },
    async signInByLink(link) {
      const { accountId, ...opened } = await sessions.openByLink(link);
      return { ...opened, me: await meOf(await accountOf(accountId)) };
    },
    signOut: (who) => sessions.close(who),
    createLink: (who) => sessions.createLink(who),
    sendCode: (phone) => codes.send(phone),
    me: async (who) => meOf(await accountOf(who.accountId)),
    start: () => createFirstOperator(platform),
  };
}

const hashPassword = (password: string): Promise<string> => hash(password, argon2);

async function createAccount(q: Tx, { clock }: Platform, account: NewAccountRow): Promise<void> {
  const login = 'email' in account ? { email: account.email.toLowerCase() } : { phoneTag: account.phoneTag };
  if (await rows.findAccount(q, login)) {
    if ('email' in login) throw refusal('email-taken', 'there is an account with this e-mail address');
    throw refusal('phone-taken', 'there is a resident with this phone');
  }
  await q.insert(q.t.accounts).values({ ...account, ...login, id: newId('account'), createdAt: clock.now() });
}

/** Checks a password against the account, or for as long against nobody's; tries count by address until one is right. */
function passwordCheck({ store, clock }: Platform) {
  const nobodysHash = hashPassword(randomBytes(16).toString('hex'));
  return async (email: string, password: string): Promise<rows.AccountRow> => {
    const emailHash = sha256(email);
    // Counted before it is checked: of a thousand guesses at once, five are looked at.
    const mayTry = await store.tx(async (q) => {
      const before = await rows.failuresOf(q, emailHash);
      if (isBlocked(before, clock.now())) return false;
      await rows.saveFailures(q, emailHash, countFailure(before, clock.now()));
      return true;
    });
    if (!mayTry) throw refusal('too-many-requests', 'too many wrong passwords; wait a while');
    const account = await rows.findAccount(store.read, { email });
    const right = await verify(account?.passwordHash ?? (await nobodysHash), password);
    if (account?.passwordHash && right) {
      await store.tx((q) => rows.forgetFailures(q, emailHash));
      return account;
    }
    throw refusal('wrong-credentials', 'the e-mail address or the password is wrong');
  };
}

async function createFirstOperator(platform: Platform): Promise<void> {
  const { config, store, audit } = platform;
  const first = config.firstOperator;
  if (!first || (await rows.anyAccountExists(store.read))) return;
  const passwordHash = await hashPassword(first.password);
  await store.tx(async (q) => {
    if (await rows.anyAccountExists(q)) return;
    const { email } = first;
    await createAccount(q, platform, { role: 'operator', scopeId: null, email, passwordHash, name: 'Operator' });
    await audit(q, { who: 'system', action: 'account.first-operator', subject: 'operator' });
  });
}
