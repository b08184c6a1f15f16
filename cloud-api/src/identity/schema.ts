import type { Columns } from '../platform/db/columns.ts';
import type { InvitedRole, Role } from './contract.ts';

export const makeIdentityTables = (c: Columns) => ({
  ...makeAccountTables(c),
  ...makeSignInTables(c),
  ...makeSecondFactorTables(c),
  ...makeTeamTables(c),
});

function makeAccountTables(c: Columns) {
  return {
    accounts: c.table(
      'accounts',
      {
        id: c.text().primaryKey(),
        role: c.text<Role>().notNull(),
        /** Property company, merchant, supplier or, for a resident and a leader, community; null for the operator. */
        scopeId: c.text(),
        residentId: c.text(),
        /** Of store staff. */
        storeId: c.text(),
        /** Of a leader: the company that the community belongs to. */
        companyId: c.text(),
        /** Of a guard; null: all of the company. */
        communityIds: c.json<readonly string[]>(),
        state: c.text<'active' | 'suspended'>().notNull().default('active'),
        /** To the minute. */
        lastSeenAt: c.at(),
        name: c.text().notNull(),
        email: c.text(),
        /** argon2id, encoded with its parameters. */
        passwordHash: c.text(),
        /** HMAC of a resident's phone: enough to find the account, useless to call anybody. */
        phoneTag: c.text(),
        createdAt: c.at().notNull(),
      },
      (t) => [
        c.uniqueIndex('accounts_email').on(t.email),
        c.uniqueIndex('accounts_phone').on(t.phoneTag),
        c.uniqueIndex('accounts_resident').on(t.residentId),
        c.index('accounts_scope').on(t.scopeId, t.id),
      ],
    ),
    sessions: c.table(
      'sessions',
      {
        id: c.text().primaryKey(),
        tokenHash: c.text().notNull(),
        accountId: c.text().notNull(),
        createdAt: c.at().notNull(),
        expiresAt: c.at().notNull(),
        /** To the minute. */
        lastSeenAt: c.at(),
        device: c.text().notNull().default(''),
      },
      (t) => [
        c.uniqueIndex('sessions_token').on(t.tokenHash),
        c.index('sessions_expiry').on(t.expiresAt),
        c.index('sessions_account').on(t.accountId),
      ],
    ),
  };
}

function makeSignInTables(c: Columns) {
  return {
    sessionLinks: c.table('session_links', {
      linkHash: c.text().primaryKey(),
      accountId: c.text().notNull(),
      expiresAt: c.at().notNull(),
    }),
    smsCodes: c.table('sms_codes', {
      phoneTag: c.text().primaryKey(),
      codeHash: c.text().notNull(),
      attemptsLeft: c.int().notNull(),
      expiresAt: c.at().notNull(),
      /** Texts sent in the hour that began at `hourFrom`. */
      hourFrom: c.at().notNull(),
      sentInHour: c.int().notNull(),
      lastSentAt: c.at().notNull(),
    }),
    /** Failed passwords of one e-mail address, known or not. */
    signInFailures: c.table('sign_in_failures', {
      emailHash: c.text().primaryKey(),
      failures: c.int().notNull(),
      lastAt: c.at().notNull(),
      blockedUntil: c.at().notNull(),
    }),
    addressTries: c.table(
      'address_tries',
      {
        /** HMAC of a network address. */
        addressTag: c.text().notNull(),
        kind: c.text<'sign-in' | 'sms-code' | 'complaint' | 'merchant-sign-up' | 'community-search'>().notNull(),
        /** Start of a quarter of an hour. */
        from: c.at().notNull(),
        tries: c.int().notNull(),
      },
      (t) => [c.primaryKey({ columns: [t.addressTag, t.kind, t.from] }), c.index('address_tries_from').on(t.from)],
    ),
  };
}

function makeSecondFactorTables(c: Columns) {
  return {
    /** Second factors: the secret sealed by the key box, before and after a code of it was confirmed. */
    totps: c.table('totps', {
      accountId: c.text().primaryKey(),
      sealed: c.text().notNull(),
      confirmedAt: c.at(),
      /** The newest 30 s step whose code was used: no code of it or before it works again. */
      usedStep: c.big().notNull().default(0),
    }),
    recoveryCodes: c.table(
      'recovery_codes',
      { codeHash: c.text().notNull(), accountId: c.text().notNull(), usedAt: c.at() },
      (t) => [c.primaryKey({ columns: [t.accountId, t.codeHash] })],
    ),
  };
}

function makeTeamTables(c: Columns) {
  return {
    invitations: c.table(
      'invitations',
      {
        id: c.text().primaryKey(),
        tokenHash: c.text().notNull(),
        role: c.text<InvitedRole>().notNull(),
        /** These four as in the account to be. */
        scopeId: c.text(),
        storeId: c.text(),
        companyId: c.text(),
        communityIds: c.json<readonly string[]>(),
        name: c.text().notNull(),
        email: c.text().notNull(),
        invitedBy: c.text().notNull(),
        createdAt: c.at().notNull(),
        expiresAt: c.at().notNull(),
      },
      (t) => [
        c.uniqueIndex('invitations_token').on(t.tokenHash),
        c.index('invitations_scope').on(t.scopeId, t.id),
        c.index('invitations_expiry').on(t.expiresAt),
      ],
    ),
    apiKeys: c.table(
      'api_keys',
      {
        id: c.text().primaryKey(),
        keyHash: c.text().notNull(),
        accountId: c.text().notNull(),
        name: c.text().notNull(),
        scopes: c.json<readonly string[]>().notNull(),
        createdAt: c.at().notNull(),
        expiresAt: c.at(),
        /** To the minute. */
        lastUsedAt: c.at(),
      },
      (t) => [c.uniqueIndex('api_keys_key').on(t.keyHash), c.index('api_keys_account').on(t.accountId, t.id)],
    ),
    suppliers: c.table('suppliers', {
      id: c.text().primaryKey(),
      name: c.text().notNull(),
      createdAt: c.at().notNull(),
    }),
  };
}
