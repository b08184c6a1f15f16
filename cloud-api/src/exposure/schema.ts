import { isNull } from 'drizzle-orm';
import type { Columns } from '../platform/db/columns.ts';
import type { NotCounted } from './filter.ts';
import type { Placement } from '@gatecast/firmware-protocol/messages';
import type { Placements } from './placements.ts';

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
        /** What counts, by kind of door. Null: of a report from before it was kept. */
        placements: c.json<Placements>(),
        /** Screens that had not closed the half-hour when this was made. */
        missing: c.int().notNull(),
        /** The local date in whose sums it is, or was until the next version; null: of a program that kept no sums, and not in any yet. */
        day: c.text(),
      },
      (t) => [
        c.primaryKey({ columns: [t.campaignId, t.communityId, t.at, t.version] }),
        c.index('exposure_reports_place').on(t.communityId, t.at),
        c.index('exposure_reports_unsummed').on(t.communityId).where(isNull(t.day)),
      ],
    ),
    /**
     * What the newest reports of a local day of the community add up to, moved in the transaction of each report: results of months are read from it. Kept as
     * long as the reports.
     */
    exposureDays: c.table(
      'exposure_days',
      {
        campaignId: c.text().notNull(),
        /** `2026-11-23`. */
        day: c.text().notNull(),
        communityId: c.text().notNull(),
        /** That are reported. */
        halfHours: c.int().notNull(),
        /** Of those, where screens had not told of theirs. */
        silentHalfHours: c.int().notNull(),
        rendered: c.int().notNull(),
        viewable: c.int().notNull(),
        completed: c.int().notNull(),
        verifiedMilliTouches: c.big().notNull(),
        /** For all line items that stop at so many people; nobody is among them twice for one of these. */
        people: c.int().notNull(),
        panelOn: c.int().notNull(),
        ambient: c.int().notNull(),
        /** Plays that do not count. */
        filtered: c.int().notNull(),
      },
      (t) => [c.primaryKey({ columns: [t.campaignId, t.day, t.communityId] })],
    ),
    /** The same by kind of door, of the reports that tell it. */
    exposureDayPlacements: c.table(
      'exposure_day_placements',
      {
        campaignId: c.text().notNull(),
        day: c.text().notNull(),
        communityId: c.text().notNull(),
        placement: c.text<Placement>().notNull(),
        rendered: c.int().notNull(),
        viewable: c.int().notNull(),
        completed: c.int().notNull(),
        touches: c.int().notNull(),
        wholeTouches: c.int().notNull(),
        verifiedMilliTouches: c.big().notNull(),
      },
      (t) => [c.primaryKey({ columns: [t.campaignId, t.day, t.communityId, t.placement] })],
    ),
  };
}
