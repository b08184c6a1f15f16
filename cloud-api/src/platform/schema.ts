import type { InstantMs } from '@gatecast/firmware-protocol';
import type { Columns } from './db/columns.ts';

/** Tables that every slice leans on. */
export const makePlatformTables = (c: Columns) => ({ ...makeRecordTables(c), ...makeWorkTables(c) });

function makeRecordTables(c: Columns) {
  return {
    /** Sealed keys; the private half only ever leaves through the Signer. */
    keys: c.table(
      'keys',
      {
        kid: c.text().primaryKey(),
        purpose: c.text().notNull(),
        /** What the key belongs to: a company, a community, or `platform`. */
        owner: c.text().notNull(),
        algorithm: c.text<'ed25519' | 'secret'>().notNull(),
        publicKey: c.text(),
        sealed: c.text().notNull(),
        from: c.at().notNull(),
        until: c.at(),
        /** The key before it, and that key's signature over this public half. */
        signedBy: c.text(),
        signature: c.text(),
      },
      (t) => [c.index('keys_owner').on(t.purpose, t.owner)],
    ),
    audit: c.table(
      'audit',
      {
        id: c.rowId(),
        at: c.at().notNull(),
        actor: c.text().notNull(),
        action: c.text().notNull(),
        subject: c.text().notNull(),
        facts: c.json<Readonly<Record<string, unknown>>>().notNull(),
        /** The party that the actor acted for. */
        companyId: c.text(),
        merchantId: c.text(),
      },
      (t) => [
        c.index('audit_subject').on(t.subject, t.id),
        c.index('audit_at').on(t.at, t.id),
        c.index('audit_company').on(t.companyId, t.at, t.id),
        c.index('audit_merchant').on(t.merchantId, t.at, t.id),
        c.index('audit_actor').on(t.actor, t.at, t.id),
      ],
    ),
    /** Live events; ids rise in the order of commits. */
    events: c.table(
      'events',
      {
        id: c.rowId(),
        at: c.at().notNull(),
        type: c.text().notNull(),
        subject: c.text().notNull(),
        facts: c.json<Readonly<Record<string, string | number | boolean | null>>>().notNull(),
        /** Who may see it, besides the operator. */
        companyId: c.text(),
        communityId: c.text(),
        merchantId: c.text(),
        storeId: c.text(),
        residentId: c.text(),
      },
      (t) => [c.index('events_at').on(t.at)],
    ),
  };
}

function makeWorkTables(c: Columns) {
  return {
    idempotency: c.table(
      'idempotency',
      {
        actor: c.text().notNull(),
        key: c.text().notNull(),
        requestHash: c.text().notNull(),
        result: c.json<{ readonly value: unknown }>().notNull(),
        at: c.at().notNull(),
      },
      (t) => [c.primaryKey({ columns: [t.actor, t.key] }), c.index('idempotency_at').on(t.at)],
    ),
    /** Work that must be done at least once: recurring jobs, calls to the outside, long work. */
    jobs: c.table(
      'jobs',
      {
        id: c.text().primaryKey(),
        kind: c.text().notNull(),
        payload: c.json<unknown>().notNull(),
        state: c.text<'waiting' | 'done' | 'failed'>().notNull(),
        runAt: c.at().notNull(),
        leasedUntil: c.at().$type<InstantMs>().notNull(),
        attempts: c.int().notNull(),
        error: c.text(),
      },
      (t) => [c.index('jobs_due').on(t.state, t.kind, t.runAt)],
    ),
  };
}
