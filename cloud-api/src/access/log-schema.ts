import type { PersonClass } from '@gatecast/firmware-protocol/messages';
import { isNotNull, sql } from 'drizzle-orm';
import type { Columns } from '../platform/db/columns.ts';
import type { Alarm } from './alarm-contract.ts';
import type { AccessEvent } from './contract.ts';

export function makeLogTables(c: Columns) {
  return {
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
        /** The resident whose credential it was, or who opened from afar; emptied with the private part. */
        residentId: c.text(),
      },
      (t) => [
        c.uniqueIndex('access_events_row').on(t.terminalId, t.epoch, t.seq),
        c.index('access_events_terminal').on(t.terminalId, t.at),
        c.index('access_events_community').on(t.communityId, t.at),
        c.index('access_events_at').on(t.at),
        // What the log is filtered by, a terminal at a time (`log-store.ts`). Nearly all rows are openings of residents: those stay out of the indexes
        // of the other kinds and persons, which so cost nearly nothing.
        c
          .index('access_events_kind')
          .on(t.terminalId, t.kind, t.at)
          .where(sql`${t.kind} <> 'opened'`),
        c.index('access_events_via').on(t.terminalId, t.via, t.at),
        c
          .index('access_events_person')
          .on(t.terminalId, t.person, t.at)
          .where(sql`${t.person} <> 'resident'`),
        // Two filters that seldom meet.
        c
          .index('access_events_kind_via')
          .on(t.terminalId, t.kind, t.via, t.at)
          .where(sql`${t.kind} <> 'opened'`),
        c
          .index('access_events_person_via')
          .on(t.terminalId, t.person, t.via, t.at)
          .where(sql`${t.person} <> 'resident'`),
        c.index('access_events_resident').on(t.residentId, t.at).where(isNotNull(t.residentId)),
        c
          .index('access_events_pass')
          .on(t.credentialId, t.at)
          .where(sql`${t.credentialId} is not null and ${t.residentId} is null`),
      ],
    ),
    /** Before which moment the log of a community names nobody any more. */
    accessRetention: c.table('access_retention', { communityId: c.text().primaryKey(), upTo: c.at().notNull() }),
    ...makeAlarmTables(c),
  };
}

function makeAlarmTables(c: Columns) {
  return {
    /** Every raising of an alarm at a door, and who answered it. */
    alarms: c.table(
      'alarms',
      {
        /** The journal's row: `terminal.epoch.seq`. */
        id: c.text().primaryKey(),
        terminalId: c.text().notNull(),
        epoch: c.int().notNull(),
        seq: c.big().notNull(),
        communityId: c.text().notNull(),
        entranceId: c.text().notNull(),
        kind: c.text<Alarm['kind']>().notNull(),
        at: c.at().notNull(),
        endedAt: c.at(),
        /** Somebody has to look at it: nobody has acknowledged it, or it lasts. */
        open: c.bool().notNull(),
        /** Whose it was; emptied when the log's time for names is over. */
        credentialId: c.text(),
        ackedAt: c.at(),
        /** The account. */
        ackedBy: c.text(),
        note: c.text(),
      },
      (t) => [
        c.index('alarms_community').on(t.communityId, t.open, t.at),
        c.index('alarms_kind').on(t.communityId, t.kind, t.at),
        c.index('alarms_terminal').on(t.terminalId, t.kind, t.epoch, t.seq),
      ],
    ),
  };
}
