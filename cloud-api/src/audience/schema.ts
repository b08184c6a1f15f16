import type { Placement, Segment } from '@gatecast/firmware-protocol/messages';
import type { Columns } from '../platform/db/columns.ts';
import type { Holiday } from './holiday-calendar.ts';

/** What is known of how many come by, from closed half-hours alone. No table here knows a touch, a credential or a unit. */
export function makeAudienceTables(c: Columns) {
  return {
    /** What was learned of an entrance: one small row, that each closed day changes once. */
    audienceModels: c.table(
      'audience_models',
      {
        entranceId: c.text().primaryKey(),
        communityId: c.text().notNull(),
        placement: c.text<Placement>().notNull(),
        /** Whether a screen stands there now. */
        inService: c.bool().notNull(),
        /** As `model-bytes.ts` packs it; null: nothing was counted yet. */
        state: c.bytes(),
        /** How many times its profile's guess comes by, parts per million, and how many days speak for it: what new entrances are told by. */
        levelPpm: c.int().notNull(),
        knownDays: c.int().notNull(),
        updatedAt: c.at().notNull(),
      },
      (t) => [c.index('audience_models_community').on(t.communityId)],
    ),
    /** What was expected, told before it happened: of one entrance and local day. */
    audienceForecasts: c.table(
      'audience_forecasts',
      {
        communityId: c.text().notNull(),
        entranceId: c.text().notNull(),
        /** Midnight, from which its half-hours are counted. */
        at: c.at().notNull(),
        /** As `forecast-bytes.ts` packs them: expected, low and high milli-touches of each half-hour. */
        cells: c.bytes().notNull(),
        madeAt: c.at().notNull(),
      },
      (t) => [
        c.primaryKey({ columns: [t.communityId, t.entranceId, t.at] }),
        c.index('audience_forecasts_at').on(t.at),
      ],
    ),
    /** Local days of communities of which counts came that nothing was learned from yet. */
    audienceDue: c.table(
      'audience_due',
      { communityId: c.text().notNull(), day: c.text().notNull(), dueAt: c.at().notNull() },
      (t) => [c.primaryKey({ columns: [t.communityId, t.day] }), c.index('audience_due_at').on(t.dueAt)],
    ),
    /** How a local day of a community compared with its forecast; written anew when late counts come. */
    audienceScores: c.table(
      'audience_scores',
      {
        communityId: c.text().notNull(),
        day: c.text().notNull(),
        /** ISO, 1 is Monday; 8: a holiday; 9: a weekend's day that was worked. */
        dayKind: c.int().notNull(),
        /** Sums over the half-hours and entrances that count for the comparison, in milli-touches. */
        actualMilli: c.big().notNull(),
        expectedMilli: c.big().notNull(),
        errorMilli: c.big().notNull(),
        cells: c.int().notNull(),
        /** How many of them lay within the interval. */
        within: c.int().notNull(),
      },
      (t) => [c.primaryKey({ columns: [t.communityId, t.day] }), c.index('audience_scores_day').on(t.day)],
    ),
    /** To which segment residents say that they belong; told to nobody but as a sum of at least ten. */
    audienceDeclarations: c.table(
      'audience_declarations',
      {
        residentId: c.text().primaryKey(),
        communityId: c.text().notNull(),
        segment: c.text<Exclude<Segment, 'all' | 'night'>>().notNull(),
        at: c.at().notNull(),
        /** They agreed that it stands beside their name at the screens, where they have one. */
        onScreens: c.bool().notNull().default(false),
      },
      (t) => [c.index('audience_declarations_community').on(t.communityId, t.segment)],
    ),
    ...makeHolidayTables(c),
  };
}

function makeHolidayTables(c: Columns) {
  return {
    /** A year's days of rest and worked weekends in China, as the operator entered them from the State Council's notice; the newest version holds. */
    holidayNotices: c.table(
      'holiday_notices',
      {
        year: c.int().notNull(),
        version: c.int().notNull(),
        holidays: c.json<readonly Holiday[]>().notNull(),
        workedWeekends: c.json<readonly string[]>().notNull(),
        /** Where it was read. */
        source: c.text().notNull(),
        enteredBy: c.text().notNull(),
        enteredAt: c.at().notNull(),
      },
      (t) => [c.primaryKey({ columns: [t.year, t.version] })],
    ),
  };
}
