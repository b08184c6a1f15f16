import type { Columns } from '../platform/db/columns.ts';
import type { Role } from './contract.ts';

export function makeIdentityTables(c: Columns) {
  return {
    accounts: c.table(
      'accounts',
      {
        id: c.text().primaryKey(),
        role: c.text<Role>().notNull(),
        /** Property company, merchant or, for a resident, community; null for the operator. */
        scopeId: c.text(),
        residentId: c.text(),
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
      },
      (t) => [c.uniqueIndex('sessions_token').on(t.tokenHash), c.index('sessions_expiry').on(t.expiresAt)],
    ),
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
  };
}
