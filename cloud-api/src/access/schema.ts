import type { AccessSchedule, PersonClass } from '@gatecast/firmware-protocol/messages';
import { isNotNull, sql } from 'drizzle-orm';
import type { Columns } from '../platform/db/columns.ts';
import { makeListTables } from './list-schema.ts';
import { makeLogTables } from './log-schema.ts';

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
    ...makePassTables(c),
    ...makeLogTables(c),
  };
}

function makePassTables(c: Columns) {
  return {
    /** Residents who opted in to being known by a screen, and as whom. The row goes when they opt out. */
    adPseudonyms: c.table('ad_pseudonyms', {
      residentId: c.text().primaryKey(),
      pseudonym: c.text().notNull(),
    }),
    /** Residents who want a word at their own door when something waits for them, and by which name. The same. */
    noticeNames: c.table('notice_names', {
      residentId: c.text().primaryKey(),
      name: c.text().notNull(),
    }),
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
        c.index('access_deliveries_confirmed').on(t.confirmedAt).where(isNotNull(t.confirmedAt)),
      ],
    ),
  };
}
