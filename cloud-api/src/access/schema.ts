import type { AccessSchedule, PersonClass } from '@gatecast/firmware-protocol/messages';
import { isNotNull, sql } from 'drizzle-orm';
import type { Columns } from '../platform/db/columns.ts';
import type { Alarm } from './alarm-contract.ts';
import type { AccessEvent } from './contract.ts';
import { makeListTables } from './list-schema.ts';

export function makeAccessTables(c: Columns) {
  return {
    ...makeListTables(c),
    /** Who may enter: residents' PINs, cards and phones, and passes. A code or a card's number exists only as its tag. */
    credentials: c.table(
      'credentials',
      {
        id: c.text().primaryKey(),
        communityId: c.text().notNull(),
        kind: c.text<'unit-pin' | 'code' | 'card' | 'phone'>().notNull(),
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
        /** Of a phone: the x of its key. */
        tag: c.text().notNull(),
        keyOdd: c.bool(),
        duress: c.bool().notNull().default(false),
        /** Longer than the door's own time. */
        openMs: c.int(),
        scheduleId: c.text(),
        firstUseBy: c.at(),
        /** How long a pass lasts after its first use. */
        lastsMs: c.big(),
        cardFormat: c.text<'w26' | 'w34' | 'raw'>(),
        cardLast4: c.text(),
        /** The pass that a card belongs to. */
        passId: c.text(),
        /** The resident who invited the visitor. */
        hostId: c.text(),
        /** Which of its window's typed codes an offline pass has (`passCodeNo`), and of which generation of keys. */
        codeNo: c.big(),
        generation: c.int(),
        /** As far as the doors have told; a pass and its cards count together. */
        usedCount: c.int().notNull().default(0),
        firstUsedAt: c.at(),
        lastUsedAt: c.at(),
        createdAt: c.at().notNull(),
        revokedAt: c.at(),
      },
      (t) => [
        c.index('credentials_community').on(t.communityId, t.kind, t.createdAt),
        c.index('credentials_resident').on(t.residentId),
        // What a search of the log looks through.
        c
          .index('credentials_label')
          .on(t.communityId, t.label, t.id)
          .where(sql`${t.residentId} is null`),
        c.index('credentials_pass').on(t.passId),
        c.index('credentials_host').on(t.hostId),
        c.index('credentials_schedule').on(t.scheduleId),
        c.uniqueIndex('credentials_tag').on(t.communityId, t.tag),
        c.uniqueIndex('credentials_code').on(t.communityId, t.generation, t.codeNo),
      ],
    ),
    /** When somebody may come: named sets of weekly windows. */
    accessSchedules: c.table(
      'access_schedules',
      {
        id: c.text().primaryKey(),
        communityId: c.text().notNull(),
        name: c.text().notNull(),
        windows: c.json<AccessSchedule['windows']>().notNull(),
        createdAt: c.at().notNull(),
      },
      (t) => [c.index('access_schedules_community').on(t.communityId, t.id)],
    ),
    /** Keys of passes begin anew with each generation: everything made before is void. No row: the first. */
    passGenerations: c.table('pass_generations', {
      communityId: c.text().primaryKey(),
      generation: c.int().notNull(),
      at: c.at().notNull(),
    }),
    /** What a reader was shown to be learned, until somebody says whose it is. */
    learnedCards: c.table('learned_cards', {
      command: c.text().primaryKey(),
      terminalId: c.text().notNull(),
      epoch: c.int().notNull(),
      tag: c.text().notNull(),
      format: c.text<'w26' | 'w34' | 'raw'>().notNull(),
      last4: c.text().notNull(),
      at: c.at().notNull(),
    }),
    /** The version of each terminal's list that first says what became of a credential. */
    accessDeliveries: c.table(
      'access_deliveries',
      {
        credentialId: c.text().notNull(),
        terminalId: c.text().notNull(),
        version: c.int().notNull(),
        /** When the terminal said that it is in force there. */
        confirmedAt: c.at(),
      },
      (t) => [
        c.primaryKey({ columns: [t.credentialId, t.terminalId] }),
        c.index('access_deliveries_terminal').on(t.terminalId, t.version),
      ],
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
        c.index('access_events_resident').on(t.residentId, t.at).where(isNotNull(t.residentId)),
        c
          .index('access_events_pass')
          .on(t.credentialId, t.at)
          .where(sql`${t.credentialId} is not null and ${t.residentId} is null`),
      ],
    ),
    /** Before which moment the log of a community names nobody any more. */
    accessRetention: c.table('access_retention', { communityId: c.text().primaryKey(), upTo: c.at().notNull() }),
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
