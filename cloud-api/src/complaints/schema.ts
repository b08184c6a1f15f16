import type { Columns } from '../platform/db/columns.ts';
import type { ComplaintAbout } from './contract.ts';

export const makeComplaintTables = (c: Columns) => ({
  /** What somebody has against a screen. Of a passer-by nothing is kept but what they wrote. */
  screenComplaints: c.table(
    'screen_complaints',
    {
      id: c.text().primaryKey(),
      communityId: c.text().notNull(),
      terminalId: c.text().notNull(),
      about: c.text<ComplaintAbout>().notNull(),
      /** The advert that it is about, with the name that it had then: a clip may be deleted before it is answered. */
      clipId: c.text(),
      clipTitle: c.text(),
      words: c.text().notNull(),
      at: c.at().notNull(),
      /** Null: from the screen's own address, without a sign-in. */
      residentId: c.text(),
      /** A keyed hash of what the passer-by was given to read the answer with. */
      receiptHash: c.text(),
      answer: c.text(),
      answeredAt: c.at(),
      answeredBy: c.text(),
      /** When the property was reminded of it. */
      remindedAt: c.at(),
    },
    (t) => [
      c.uniqueIndex('screen_complaints_receipt').on(t.receiptHash),
      c.index('screen_complaints_community').on(t.communityId, t.at, t.id),
      c.index('screen_complaints_terminal').on(t.terminalId, t.at),
      c.index('screen_complaints_resident').on(t.residentId, t.at),
      c.index('screen_complaints_open').on(t.answeredAt, t.remindedAt, t.at),
    ],
  ),
  /** Clips that a property does not have on the screens of one community. */
  communityClipBlocks: c.table(
    'community_clip_blocks',
    {
      communityId: c.text().notNull(),
      clipId: c.text().notNull(),
      at: c.at().notNull(),
      by: c.text().notNull(),
      /** What it was stopped for; null: without a complaint. */
      complaintId: c.text(),
    },
    (t) => [c.primaryKey({ columns: [t.communityId, t.clipId] }), c.index('community_clip_blocks_clip').on(t.clipId)],
  ),
});
