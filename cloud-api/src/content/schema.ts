import type { Columns } from '../platform/db/columns.ts';
import type { Clip, ClipStatus } from './contract.ts';

export function makeContentTables(c: Columns) {
  return {
    clips: c.table(
      'clips',
      {
        id: c.text().primaryKey(),
        /** Null: the operator's own, for the house list. */
        merchantId: c.text(),
        title: c.text().notNull(),
        house: c.text<NonNullable<Clip['house']>>(),
        status: c.text<ClipStatus>().notNull(),
        progressPercent: c.int().notNull(),
        reason: c.text(),
        note: c.text(),
        /** The file as it was uploaded. */
        sourceSha256: c.text().notNull(),
        sourceBytes: c.big().notNull(),
        sourceWidth: c.int().notNull(),
        sourceHeight: c.int().notNull(),
        sourceHasAudio: c.bool().notNull(),
        sourceConforms: c.bool().notNull(),
        durationMs: c.big().notNull(),
        /** The clip as the screens play it. */
        sha256: c.text(),
        bytes: c.big(),
        width: c.int(),
        height: c.int(),
        posterSha256: c.text(),
        createdAt: c.at().notNull(),
      },
      (t) => [
        c.index('clips_merchant').on(t.merchantId, t.createdAt),
        c.index('clips_status').on(t.status, t.createdAt),
        c.index('clips_sha256').on(t.sha256),
      ],
    ),
  };
}
