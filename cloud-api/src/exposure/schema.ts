import type { Columns } from '../platform/db/columns.ts';
import type { NotCounted } from './filter.ts';

export function makeExposureTables(c: Columns) {
  return {
    /**
     * What a campaign was told that it got in a half-hour of a community. Rows are never changed: what comes late makes the next version, and the one
     * with the highest counts.
     */
    exposureReports: c.table(
      'exposure_reports',
      {
        campaignId: c.text().notNull(),
        communityId: c.text().notNull(),
        at: c.at().notNull(),
        version: c.int().notNull(),
        madeAt: c.at().notNull(),
        rendered: c.int().notNull(),
        viewable: c.int().notNull(),
        completed: c.int().notNull(),
        /** Without those of line items that count people. */
        verifiedMilliTouches: c.big().notNull(),
        /** By line item that stops at so many people: those reached. Null: of a report from before it was kept. */
        people: c.json<Readonly<Record<string, number>>>(),
        /** Of the viewable plays, those with evidence that the panel was lit. */
        panelOn: c.int().notNull(),
        ambient: c.int().notNull(),
        /** Sums over the counted plays. */
        shownMs: c.big().notNull(),
        framesPresented: c.big().notNull(),
        framesDropped: c.big().notNull(),
        /** Plays that do not count, by reason. */
        filtered: c.json<Readonly<Partial<Record<NotCounted, number>>>>().notNull(),
        /** Screens that had not closed the half-hour when this was made. */
        missing: c.int().notNull(),
      },
      (t) => [
        c.primaryKey({ columns: [t.campaignId, t.communityId, t.at, t.version] }),
        c.index('exposure_reports_place').on(t.communityId, t.at),
      ],
    ),
  };
}
