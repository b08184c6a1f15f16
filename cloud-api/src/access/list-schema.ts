import type { Columns } from '../platform/db/columns.ts';

/** How access lists are made: what has changed, what the lists say, and what each terminal was told. */
export function makeListTables(c: Columns) {
  return {
    /** What is not in the lists yet. A row is written with its change, and goes when lists that tell of it are stored. */
    accessChanges: c.table(
      'access_changes',
      {
        no: c.rowId(),
        communityId: c.text().notNull(),
        /** Empty: something that concerns every list, such as a schedule, a holiday or a terminal. */
        credentialIds: c.json<readonly string[]>().notNull(),
        at: c.at().notNull(),
      },
      (t) => [c.index('access_changes_community').on(t.communityId, t.no)],
    ),
    /** How often the lists of a community were made. Whoever makes them next counts on from the number that it began with. */
    communityLists: c.table('community_lists', {
      communityId: c.text().primaryKey(),
      build: c.int().notNull(),
      /** Credentials that open something. */
      granted: c.int().notNull(),
      /** Schedules in the order in which credentials name them. */
      scheduleIds: c.json<readonly string[]>().notNull(),
      /** The week of the newest pass key that the terminals hold is five after this one. */
      epoch: c.int().notNull(),
      at: c.at().notNull(),
    }),
    /** What the lists of a community say of a credential, and since which build. Rows that say nothing any more stay for who was told otherwise. */
    listedCredentials: c.table(
      'listed_credentials',
      {
        credentialId: c.text().primaryKey(),
        communityId: c.text().notNull(),
        state: c.text<'granted' | 'denied' | 'gone'>().notNull(),
        /** Canonical JSON of what is granted. */
        text: c.text(),
        entranceIds: c.json<readonly string[]>(),
        /** Of a typed pass code that was taken back. */
        codeNo: c.big(),
        /** When time alone changes what the lists say. */
        until: c.at(),
        build: c.int().notNull(),
      },
      (t) => [
        c.index('listed_credentials_community').on(t.communityId, t.state, t.credentialId),
        c.index('listed_credentials_build').on(t.communityId, t.build),
        c.index('listed_credentials_until').on(t.communityId, t.until),
      ],
    ),
    /** For whom the keys in a terminal's list were sealed, and the first list that was. */
    terminalLists: c.table('terminal_lists', {
      terminalId: c.text().primaryKey(),
      sealingKey: c.text().notNull(),
      generation: c.int().notNull(),
      firstVersion: c.int().notNull(),
    }),
    /** Small numbers by which signed passes name entrances; never given twice. */
    entranceNumbers: c.table(
      'entrance_numbers',
      { entranceId: c.text().primaryKey(), communityId: c.text().notNull(), no: c.int().notNull() },
      (t) => [c.uniqueIndex('entrance_numbers_no').on(t.communityId, t.no)],
    ),
  };
}
