import type { PersonClass } from '@gatecast/firmware-protocol/messages';
import type { Columns } from '../platform/db/columns.ts';
import type { AccessEvent } from './contract.ts';

export function makeAccessTables(c: Columns) {
  return {
    /** Who may enter: residents' PINs and visitors' passes. A code exists only as its tag. */
    credentials: c.table(
      'credentials',
      {
        id: c.text().primaryKey(),
        communityId: c.text().notNull(),
        kind: c.text<'unit-pin' | 'code'>().notNull(),
        person: c.text<PersonClass>().notNull(),
        /** Of a PIN. */
        residentId: c.text(),
        unit: c.text(),
        /** Of a pass: what the property calls it. */
        label: c.text(),
        /** Null: every entrance of the community. */
        entranceIds: c.json<readonly string[]>(),
        from: c.at(),
        to: c.at(),
        uses: c.int(),
        epoch: c.int().notNull(),
        tag: c.text().notNull(),
        createdAt: c.at().notNull(),
        revokedAt: c.at(),
      },
      (t) => [
        c.index('credentials_community').on(t.communityId, t.kind, t.createdAt),
        c.index('credentials_resident').on(t.residentId),
        c.uniqueIndex('credentials_tag').on(t.communityId, t.tag),
      ],
    ),
    /** The version of each terminal's list that first says what became of a credential. */
    accessDeliveries: c.table(
      'access_deliveries',
      { credentialId: c.text().notNull(), terminalId: c.text().notNull(), version: c.int().notNull() },
      (t) => [c.primaryKey({ columns: [t.credentialId, t.terminalId] })],
    ),
    accessEvents: c.table(
      'access_events',
      {
        no: c.rowId(),
        terminalId: c.text().notNull(),
        epoch: c.int().notNull(),
        seq: c.big().notNull(),
        communityId: c.text().notNull(),
        entranceId: c.text().notNull(),
        kind: c.text<AccessEvent['kind']>().notNull(),
        via: c.text<NonNullable<AccessEvent['via']>>(),
        reason: c.text(),
        person: c.text<PersonClass>(),
        pulseMs: c.int(),
        at: c.at().notNull(),
        receivedAt: c.at().notNull(),
        /** The row's private part: the only place where it is kept, and emptied when its time is over. */
        credentialId: c.text(),
        touchId: c.text(),
        salt: c.text(),
      },
      (t) => [
        c.uniqueIndex('access_events_row').on(t.terminalId, t.epoch, t.seq),
        c.index('access_events_terminal').on(t.terminalId, t.at),
        c.index('access_events_community').on(t.communityId, t.at),
        c.index('access_events_at').on(t.at),
      ],
    ),
  };
}
