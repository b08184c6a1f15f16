import { hours, instant } from '@gatecast/firmware-protocol';
import type { Account } from '../platform/auth.ts';
import type { Reads, Tx } from '../platform/db/store.ts';
import { refusal } from '../platform/errors.ts';
import type { Platform } from '../platform/platform.ts';
import { insertAccount, type NewAccount } from './accounts.ts';
import { createAddressBrake, type AddressBrake } from './address-brake.ts';
import { createApiKeys, type ApiKeys } from './api-keys.ts';
import { createAuditLog, type AuditLog } from './audit-log.ts';
import type { Me, RecoveryCodes, Session, SessionLink, TotpSetup } from './contract.ts';
import { createDirectory, type Directory } from './directory.ts';
import { createInvitations, type Invitations } from './invitations.ts';
import { createPasswords, hashNewPassword, hashPassword, type Passwords } from './passwords.ts';
import { createResidentAccounts, type ResidentAccounts } from './resident-accounts.ts';
import { createSessions, type Sessions } from './sessions.ts';
import * as rows from './store.ts';
import { createSuppliers, type Suppliers } from './suppliers.ts';
import { createTeam, type Team } from './team.ts';
import { createTextedCodes } from './texted-codes.ts';
import { createTotp } from './totp.ts';

/** Where a request to sign in comes from. */
export interface From {
  /** Undefined when it is not known. */
  readonly address: string | undefined;
  /** As `deviceOf` tells it. */
  readonly device: string;
}

/** What other slices need. */
export interface Identity {
  /** Slow on purpose: call it before the transaction. Rejects with `password-common`. */
  hashPassword(password: string): Promise<string>;
  /** Rejects with `email-taken`. */
  createAccount(q: Tx, account: NewAccount): Promise<void>;
  readonly residents: ResidentAccounts;
  /** A keyed hash that finds a phone without storing it. */
  phoneTag(q: Reads, phone: string): Promise<string>;
  /** Each slice that owns parties or places tells what their ids stand for, once. */
  readonly directory: Directory;
  /** Slows whoever tries again and again from one network. */
  readonly brake: Pick<AddressBrake, 'count'>;
}

export interface IdentityService extends Identity {
  readonly sessions: Sessions;
  readonly passwords: Passwords;
  readonly invitations: Invitations;
  readonly team: Team;
  readonly apiKeys: ApiKeys;
  readonly auditLog: AuditLog;
  readonly suppliers: Suppliers;
  /** Rejects like `Passwords.check`. */
  signInByPassword(login: { email: string; password: string; totp?: string | undefined }, from: From): Promise<Session>;
  signInByCode(phone: string, code: string, from: From): Promise<Session>;
  signInByLink(link: string, from: From): Promise<Session>;
  /** Rejects with `invitation-unknown`, `password-common` or `email-taken`. */
  acceptInvitation(token: string, password: string, from: From): Promise<Session>;
  createLink(who: Account): Promise<SessionLink>;
  sendCode(phone: string, from: From): Promise<void>;
  beginTotp(who: Account): Promise<TotpSetup>;
  /** Wrong codes count like wrong passwords, here and below. */
  confirmTotp(who: Account, code: string): Promise<RecoveryCodes>;
  removeTotp(who: Account, code: string): Promise<void>;
  me(who: Account): Promise<Me>;
  /** Makes the first operator if there is no account at all. */
  start(): Promise<void>;
}

export function createIdentity(platform: Platform): IdentityService {
  const { store, clock, jobs } = platform;
  const directory = createDirectory();
  const brake = createAddressBrake(platform);
  const sessions = createSessions(platform);
  const totp = createTotp(platform);
  const passwords = createPasswords(platform, { sessions, totp, brake });
  const codes = createTextedCodes(platform, brake);
  const invitations = createInvitations(platform, directory, sessions);

  jobs.handle('identity.prune', {
    everyMs: hours(1),
    run: () =>
      store.tx(async (q) => {
        await rows.pruneIdentity(q, clock.now(), instant(clock.now() - hours(1)));
        await brake.prune(q);
      }),
  });

  const meOf = async (row: rows.AccountRow): Promise<Me> => {
    const { id, role, name, email, communityIds } = row;
    const scopeId = row.storeId ?? row.scopeId;
    const listed = scopeId === null ? undefined : await directory.find(store.read, scopeId);
    const scope = scopeId === null ? null : { id: scopeId, name: listed?.name ?? '' };
    const own = role === 'leader' && row.scopeId !== null ? [row.scopeId] : communityIds;
    return { role, name, scope, communityIds: own, email, totp: await totp.isOn(store.read, id) };
  };
  const sessionFor = async (account: rows.AccountRow, { device }: From): Promise<Session> => ({
    ...(await store.tx((q) => sessions.open(q, account.id, device))),
    me: await meOf(account),
  });
  const meById = async (who: { readonly accountId: string }) => meOf(await rows.accountOf(store.read, who));

  return {
    hashPassword: (password) => hashNewPassword(password),
    createAccount: async (q, account) => void (await insertAccount(q, clock, account)),
    residents: createResidentAccounts(platform),
    phoneTag: codes.phoneTag,
    directory,
    brake,
    sessions,
    passwords,
    invitations,
    team: createTeam(platform, directory),
    apiKeys: createApiKeys(platform),
    auditLog: createAuditLog(platform, directory),
    suppliers: createSuppliers(platform, directory),
    async signInByPassword({ email, password, totp }, from) {
      return sessionFor(await passwords.check({ email, password, totp, address: from.address }), from);
    },
    async signInByCode(phone, code, from) {
      const account = await codes.redeem(phone, code, from.address);
      if (!account) throw refusal('wrong-credentials', 'the code is wrong, used or too old');
      if (account.state === 'suspended') throw refusal('account-suspended', 'this account is suspended');
      return sessionFor(account, from);
    },
    async signInByLink(link, from) {
      const { accountId, ...opened } = await sessions.openByLink(link, from.device);
      return { ...opened, me: await meById({ accountId }) };
    },
    async acceptInvitation(token, password, from) {
      const { accountId, ...opened } = await invitations.accept(token, password, from.device);
      return { ...opened, me: await meById({ accountId }) };
    },
    createLink: (who) => sessions.createLink(who),
    sendCode: (phone, from) => codes.send(phone, from.address),
    beginTotp: async (who) => totp.begin(who, (await rows.accountOf(store.read, who)).email ?? ''),
    confirmTotp: (who, code) => passwords.guarded(who, () => totp.confirm(who, code)),
    removeTotp: (who, code) => passwords.guarded(who, () => totp.remove(who, code)),
    me: meById,
    start: () => createFirstOperator(platform),
  };
}

async function createFirstOperator({ config, store, clock, audit }: Platform): Promise<void> {
  const first = config.firstOperator;
  if (!first || (await rows.anyAccountExists(store.read))) return;
  const passwordHash = await hashPassword(first.password);
  await store.tx(async (q) => {
    if (await rows.anyAccountExists(q)) return;
    const { email } = first;
    await insertAccount(q, clock, { role: 'operator', scopeId: null, email, passwordHash, name: 'Operator' });
    await audit(q, { who: 'system', action: 'account.first-operator', subject: 'operator' });
  });
}
