import type { HealthIssue, HealthReport } from '@gatecast/firmware-protocol/messages';
import type { InstantMs } from '@gatecast/firmware-protocol';
import { sql } from 'drizzle-orm';
import type { Columns } from '../platform/db/columns.ts';
import type { AlarmKind, ChannelKind, Severity } from './alarms/alarm-kinds.ts';
import type { HealthPoint } from './health/trend-rules.ts';

export const makeFleetWatchTables = (c: Columns) => ({
  ...makeHealthTables(c),
  ...makeFleetAlarmTables(c),
  ...makeChannelTables(c),
});

function makeHealthTables(c: Columns) {
  return {
    /** What the fleet is counted by: narrow, so that 40,000 of them are read in a moment. */
    terminalHealth: c.table(
      'terminal_health',
      {
        terminalId: c.text().primaryKey(),
        /** The terminal's own clock. */
        at: c.at().notNull(),
        receivedAt: c.at().notNull(),
        /** Rows of all streams that the cloud has not confirmed. */
        journalRows: c.big().notNull(),
      },
      (t) => [
        c
          .index('terminal_health_backlog')
          .on(t.journalRows)
          .where(sql`${t.journalRows} > 0`),
      ],
    ),
    /** The newest report as it came. */
    healthReports: c.table('health_reports', {
      terminalId: c.text().primaryKey(),
      report: c.json<HealthReport>().notNull(),
    }),
    /** What is wrong now, and since when. */
    terminalIssues: c.table(
      'terminal_issues',
      {
        terminalId: c.text().notNull(),
        issue: c.text<HealthIssue>().notNull(),
        since: c.at().notNull(),
      },
      (t) => [
        c.primaryKey({ columns: [t.terminalId, t.issue] }),
        c.index('terminal_issues_issue').on(t.issue, t.terminalId),
      ],
    ),
    /** An hour of five-minute points or a day of hourly ones in one row: a twentieth of the rows that points by themselves would take. */
    healthTrends: c.table(
      'health_trends',
      {
        terminalId: c.text().notNull(),
        grain: c.text<'fine' | 'hour'>().notNull(),
        from: c.at().notNull(),
        points: c.json<readonly HealthPoint[]>().notNull(),
      },
      (t) => [
        c.primaryKey({ columns: [t.terminalId, t.grain, t.from] }),
        c.index('health_trends_age').on(t.grain, t.from),
      ],
    ),
  };
}

function makeFleetAlarmTables(c: Columns) {
  return {
    /** Something wrong with the fleet from its first sign to its end. At most one row a key is not over. */
    fleetAlarms: c.table(
      'fleet_alarms',
      {
        id: c.text().primaryKey(),
        /** Kind and subject: what is one and the same alarm. */
        key: c.text().notNull(),
        kind: c.text<AlarmKind>().notNull(),
        severity: c.text<Severity>().notNull(),
        /** Null where many terminals, or none, are concerned. */
        terminalId: c.text(),
        communityId: c.text(),
        /** Terminals concerned. */
        terminals: c.int().notNull(),
        facts: c.json<Readonly<Record<string, string | number | null>>>().notNull(),
        /** Its first sign; it is raised when the sign has held. */
        since: c.at().notNull(),
        raisedAt: c.at(),
        /** The sign is gone since; it ends when that has held. */
        clearSince: c.at(),
        endedAt: c.at(),
        /** How often it came back before it was over for long enough to be another one. */
        returns: c.int().notNull(),
        ackedAt: c.at(),
        ackedBy: c.text(),
        note: c.text(),
        /** A channel has told of it, so that its end is told too. */
        told: c.bool().notNull(),
      },
      (t) => [
        c
          .uniqueIndex('fleet_alarms_open')
          .on(t.key)
          .where(sql`${t.endedAt} is null`),
        c.index('fleet_alarms_raised').on(t.raisedAt, t.id),
        c.index('fleet_alarms_key').on(t.key, t.endedAt),
        c.index('fleet_alarms_terminal').on(t.terminalId, t.raisedAt),
      ],
    ),
    /** Who wants to hear nothing of what, until when and why. */
    alarmSilences: c.table(
      'alarm_silences',
      {
        id: c.text().primaryKey(),
        /** Null: any. */
        kind: c.text<AlarmKind>(),
        terminalId: c.text(),
        communityId: c.text(),
        from: c.at().notNull(),
        until: c.at().notNull(),
        reason: c.text().notNull(),
        by: c.text().notNull(),
      },
      (t) => [c.index('alarm_silences_until').on(t.until)],
    ),
    /** How far the watch has read in the live events. */
    fleetWatch: c.table('fleet_watch', { name: c.text().primaryKey(), eventId: c.big().notNull() }),
  };
}

function makeChannelTables(c: Columns) {
  return {
    alarmChannels: c.table('alarm_channels', {
      id: c.text().primaryKey(),
      kind: c.text<ChannelKind>().notNull(),
      name: c.text().notNull(),
      /** A webhook's address. */
      url: c.text(),
      /** Who is on call; never shown whole. */
      phones: c.json<readonly string[]>().notNull(),
      /** What is less than that stays in the list. */
      leastSeverity: c.text<Severity>().notNull(),
      enabled: c.bool().notNull(),
      createdAt: c.at().notNull(),
      lastAt: c.at(),
      lastResult: c.text<'delivered' | 'failed' | 'held-back'>(),
      lastDetail: c.text(),
      /** For the brake on texts: since when the hour runs, and how many left in it. */
      hourFrom: c.at().notNull().$type<InstantMs>(),
      sentInHour: c.int().notNull(),
      /** Alarms that the brake held back and the next text counts. */
      heldBack: c.int().notNull(),
    }),
  };
}
