import {
  doorAlarm,
  doorPrivate,
  doorRows,
  type JournalRow,
  type PersonClass,
} from '@gatecast/firmware-protocol/messages';
import type { AccessEvent } from './contract.ts';

/** One entry of the access log as the door's journal tells it. */
export interface LogEntry {
  readonly entranceId: string;
  readonly kind: AccessEvent['kind'];
  readonly via: AccessEvent['via'];
  readonly reason: string | null;
  readonly person: PersonClass | null;
  readonly pulseMs: number | null;
  readonly credentialId: string | null;
  readonly touchId: string | null;
  readonly salt: string | null;
  /** The command that opened from afar; not stored, it leads to who asked. */
  readonly command: string | null;
}

const plain = {
  via: null,
  reason: null,
  person: null,
  pulseMs: null,
  credentialId: null,
  touchId: null,
  salt: null,
  command: null,
};

/** What a row of the door stream says in the log; undefined for rows that are not for it, or that no schema of ours reads. */
export function logEntry(row: Pick<JournalRow, 'kind' | 'body' | 'private'>): LogEntry | undefined {
  switch (row.kind) {
    case 'opened': {
      const body = doorRows.opened.safeParse(row.body).data;
      return (
        body && {
          ...plain,
          ...named(row),
          entranceId: body.entrance,
          kind: 'opened',
          via: body.via,
          person: body.person,
          pulseMs: body.pulseMs,
          command: body.command,
        }
      );
    }
    case 'refused': {
      const body = doorRows.refused.safeParse(row.body).data;
      return (
        body && {
          ...plain,
          ...named(row),
          entranceId: body.entrance,
          kind: 'refused',
          via: body.via,
          reason: body.reason,
        }
      );
    }
    case 'alarm': {
      const body = doorRows.alarm.safeParse(row.body).data;
      return (
        body && {
          ...plain,
          ...named(row),
          entranceId: body.entrance,
          kind: body.alarm,
          reason: body.active ? null : 'over',
        }
      );
    }
    case 'mode': {
      const body = doorRows.mode.safeParse(row.body).data;
      // That a program started and nothing is special about the door is no news.
      if (!body || (body.cause === 'start' && body.mode === 'normal')) return undefined;
      return { ...plain, entranceId: body.entrance, kind: 'mode', reason: body.mode };
    }
    case 'reader': {
      const body = doorRows.reader.safeParse(row.body).data;
      return body && { ...plain, entranceId: body.entrance, kind: 'reader', reason: body.state };
    }
    case 'exit': {
      const body = doorRows.exit.safeParse(row.body).data;
      return body && { ...plain, entranceId: body.entrance, kind: 'exit', via: 'exit' };
    }
    case 'fire': {
      const body = doorRows.fire.safeParse(row.body).data;
      const reason = body?.active ? 'active' : 'over';
      return body && { ...plain, entranceId: body.entrance, kind: 'fire', via: 'fire', reason };
    }
    default:
      return undefined;
  }
}

function named(row: Pick<JournalRow, 'private'>): Pick<LogEntry, 'credentialId' | 'touchId' | 'salt'> {
  const data = doorPrivate.safeParse(row.private?.data).data;
  return { credentialId: data?.credential ?? null, touchId: data?.touch ?? null, salt: row.private?.salt ?? null };
}

const alarms: ReadonlySet<AccessEvent['kind']> = new Set(['fire', ...doorAlarm.exclude(['door-online']).options]);
export const isAlarm = (kind: AccessEvent['kind']): boolean => alarms.has(kind);
