import type { ClockQuality, PlayBody, TouchBody, TouchEvent, Placement } from '@gatecast/firmware-protocol/messages';
import type { Columns } from '../platform/db/columns.ts';

/**
 * What happened at the screens. These tables know touches, never credentials, units, or the sequence of the door's own stream;
 * the pair of touch and credential stays in the access slice.
 */
export function makePlayTables(c: Columns) {
  return {
    ...makePlaceTables(c),
    plays: c.table(
      'plays',
      {
        /** `terminal:epoch:seq` of the play stream. */
        id: c.text().primaryKey(),
        terminalId: c.text().notNull(),
        communityId: c.text().notNull(),
        entranceId: c.text().notNull(),
        placement: c.text<Placement>().notNull(),
        campaignId: c.text(),
        clip: c.text().notNull(),
        touch: c.text(),
        billable: c.bool().notNull(),
        halfHour: c.at().notNull(),
        startedAt: c.at().notNull(),
        rendered: c.bool().notNull(),
        viewable: c.bool().notNull(),
        completed: c.bool().notNull(),
        shownMs: c.big().notNull(),
        framesPresented: c.big().notNull(),
        framesDropped: c.big().notNull(),
        muted: c.bool().notNull(),
        endReason: c.text<PlayBody['endReason']>().notNull(),
        panel: c.text<PlayBody['panel']>().notNull(),
        milliTouches: c.int().notNull(),
        /** Null: of rows from before it was kept. */
        decision: c.text(),
        /** The line item that stops at so many people, where it was the first of its screen to somebody; never to whom. */
        reached: c.text(),
        panelBy: c.text<PlayBody['panelBy']>().notNull().default('none'),
        measuredBy: c.text<PlayBody['measuredBy']>().notNull().default('frames'),
        /** Of the row's header: when it was written, by a clock how good. */
        writtenAt: c.at(),
        clockQuality: c.text<ClockQuality>().notNull().default('synced'),
      },
      (t) => [
        c.index('plays_campaign').on(t.campaignId, t.communityId, t.halfHour),
        c.index('plays_terminal').on(t.terminalId, t.startedAt),
        c.index('plays_started').on(t.startedAt),
      ],
    ),
    touches: c.table(
      'touches',
      {
        id: c.text().primaryKey(),
        terminalId: c.text().notNull(),
        communityId: c.text().notNull(),
        entranceId: c.text().notNull(),
        placement: c.text<Placement>().notNull(),
        event: c.text<TouchEvent>().notNull(),
        unbillable: c.text<NonNullable<TouchBody['unbillable']>>(),
        startedAt: c.at().notNull(),
        windowMs: c.big().notNull(),
        endedBy: c.text<TouchBody['endedBy']>().notNull(),
      },
      (t) => [c.index('touches_community').on(t.communityId, t.startedAt), c.index('touches_started').on(t.startedAt)],
    ),
  };
}

function makePlaceTables(c: Columns) {
  return {
    /** What clips were called when they first played: what is deleted later keeps its name in history. */
    clipNames: c.table('clip_names', {
      /** SHA-256 of the file. */
      clip: c.text().primaryKey(),
      title: c.text().notNull(),
      /** Null: the house's own. */
      merchantId: c.text(),
      at: c.at().notNull(),
    }),
    /** Screens and since when each has been in service: an older half-hour does not wait for it. */
    screens: c.table('screens', {
      terminalId: c.text().primaryKey(),
      communityId: c.text().notNull(),
      since: c.at().notNull(),
    }),
    /** Half-hours that a terminal has closed, with its noised counts. */
    halfHours: c.table(
      'half_hours',
      {
        terminalId: c.text().notNull(),
        entranceId: c.text().notNull(),
        at: c.at().notNull(),
        communityId: c.text().notNull(),
        /** Null where the terminal withheld a count below ten. */
        touches: c.int(),
      },
      (t) => [
        c.primaryKey({ columns: [t.terminalId, t.entranceId, t.at] }),
        c.index('half_hours_community').on(t.communityId, t.at),
      ],
    ),
  };
}
