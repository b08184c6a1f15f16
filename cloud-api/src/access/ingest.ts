import { days } from '@gatecast/firmware-protocol';
import type { Tx } from '../platform/db/store.ts';
import type { Platform } from '../platform/platform.ts';
import type { NewEvent } from '../platform/events.ts';
import type { JournalArrival } from '../platform/journal-streams.ts';
import type { TerminalsService } from '../terminals/service.ts';
import { namedIn } from './log-names.ts';
import { forgottenUpTo, logDaysMin } from './log-retention.ts';
import { isAlarm, logEntry, type LogEntry } from './log-rules.ts';

/** A backlog of days shows on live pages as its newest rows, and the newest alarms before them; the log itself has all. */
const liveRowsMax = 50;

/** The door's journal becomes the access log, in the transaction that stores the journal. */
export function ingestDoorRows({ journal, events }: Platform, terminals: Pick<TerminalsService, 'commands'>): void {
  journal.on('door', async (q, arrival) => {
    const { terminalId, communityId, epoch, rows, receivedAt } = arrival;
    const entries = rows.flatMap((row) => {
      const entry = logEntry(row);
      return entry ? [{ seq: row.seq, at: row.wallMs, ...entry }] : [];
    });
    if (entries.length === 0) return;
    const nameOf = await namedIn(q, terminals.commands, arrival, entries);
    const isForgotten = await forgottenAmong(q, arrival, entries);
    await q.insertMany(
      q.t.accessEvents,
      entries.map(({ command, ...entry }) => ({
        terminalId,
        communityId,
        epoch,
        receivedAt,
        ...entry,
        ...nameOf({ command, ...entry }),
        ...(isForgotten(entry.at) ? nobody : {}),
      })),
    );
    await events.emit(q, ...liveEntries(entries).map((entry) => liveEvent(entry, arrival)));
  });
}

const nobody = { credentialId: null, touchId: null, salt: null, residentId: null };

/** A terminal that was away for long tells of times whose names the log has forgotten: they are not learned again. */
async function forgottenAmong(q: Tx, { communityId, receivedAt }: JournalArrival, entries: readonly { at: number }[]) {
  const isOld = entries.some(({ at }) => at < receivedAt - days(logDaysMin));
  const upTo = isOld ? await forgottenUpTo(q, communityId) : 0;
  return (at: number) => at < upTo;
}

/** An alarm is told at once, whatever else the terminal had to tell since. */
function liveEntries(entries: readonly LogEntry[]): LogEntry[] {
  const alarms = entries.slice(0, -liveRowsMax).filter(({ kind }) => isAlarm(kind));
  return [...alarms.slice(-liveRowsMax), ...entries.slice(-liveRowsMax)];
}

/** An opening under threat has an event of its own, which only the property's pages get; a call for help rings by itself. */
function liveEvent(
  { kind, via, reason, entranceId }: LogEntry,
  { terminalId: subject, companyId, communityId }: JournalArrival,
): NewEvent {
  const type = kind === 'duress' || kind === 'help' ? kind : isAlarm(kind) ? 'alarm' : 'access';
  return { type, subject, companyId, communityId, facts: { kind, via, reason, entranceId } };
}
