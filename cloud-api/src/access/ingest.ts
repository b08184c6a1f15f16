import type { Platform } from '../platform/platform.ts';
import type { NewEvent } from '../platform/events.ts';
import { isAlarm, logEntry, type LogEntry } from './rules.ts';

/** A backlog of days shows on live pages as its newest rows, and the newest alarms before them; the log itself has all. */
const liveRowsMax = 50;

/** The door's journal becomes the access log, in the transaction that stores the journal. */
export function ingestDoorRows({ journal, events }: Platform): void {
  journal.on('door', async (q, { terminalId, communityId, companyId, epoch, rows, receivedAt }) => {
    const entries = rows.flatMap((row) => {
      const entry = logEntry(row);
      return entry ? [{ terminalId, communityId, epoch, seq: row.seq, at: row.wallMs, receivedAt, ...entry }] : [];
    });
    if (entries.length === 0) return;
    await q.insertMany(q.t.accessEvents, entries);
    await events.emit(q, ...liveEntries(entries).map((entry) => liveEvent(entry, terminalId, companyId)));
  });
}

/** An alarm is told at once, whatever else the terminal had to tell since. */
function liveEntries(entries: readonly LogEntry[]): LogEntry[] {
  const alarms = entries.slice(0, -liveRowsMax).filter(({ kind }) => isAlarm(kind));
  return [...alarms.slice(-liveRowsMax), ...entries.slice(-liveRowsMax)];
}

/** An opening under threat has an event of its own, which only the property's pages get. */
function liveEvent({ kind, via, reason, entranceId }: LogEntry, subject: string, companyId: string): NewEvent {
  const type = kind === 'duress' ? 'duress' : isAlarm(kind) ? 'alarm' : 'access';
  return { type, subject, companyId, facts: { kind, via, reason, entranceId } };
}
