import type { Columns } from '../platform/db/columns.ts';
import type { Notice } from './contract.ts';

export function makeNoticeTables(c: Columns) {
  return {
    notices: c.table(
      'notices',
      {
        id: c.text().primaryKey(),
        communityId: c.text().notNull(),
        level: c.text<Notice['level']>().notNull(),
        title: c.text().notNull(),
        text: c.text().notNull(),
        /** Null: every entrance of the community. */
        entranceIds: c.json<readonly string[]>(),
        from: c.at().notNull(),
        to: c.at().notNull(),
        /** When somebody ended it. */
        endedAt: c.at(),
        createdAt: c.at().notNull(),
      },
      (t) => [
        c.index('notices_community').on(t.communityId, t.createdAt),
        c.index('notices_running').on(t.communityId, t.to),
      ],
    ),
    /** The documents of a terminal that hold a notice: from the first version with it to the first without it. */
    noticeDeliveries: c.table(
      'notice_deliveries',
      {
        terminalId: c.text().notNull(),
        noticeId: c.text().notNull(),
        /** The document whose versions are meant. */
        kind: c.text<'plan' | 'notices'>().notNull().default('plan'),
        version: c.int().notNull(),
        endVersion: c.int(),
      },
      (t) => [
        c.primaryKey({ columns: [t.terminalId, t.noticeId] }),
        c.index('notice_deliveries_notice').on(t.noticeId),
      ],
    ),
  };
}
