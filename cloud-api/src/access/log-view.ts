import type { Keeper } from '../platform/auth.ts';
import type { AccessEvent } from './contract.ts';
import type { NamedRow } from './log-store.ts';

/** Whom a row is about, while the log knows. */
export function whoOf({ event, residentName, residentUnit, unit, label }: NamedRow): AccessEvent['who'] {
  const name = residentName ?? label;
  if (event.person === null || name === null) return null;
  return { person: event.person, name, unit: unit ?? residentUnit, residentId: event.residentId };
}

/** A row as `who` may see it: a guard is not led on to the residents' records. */
export function shownEvent(row: NamedRow, reader: Keeper): AccessEvent {
  const { event } = row;
  const who = whoOf(row);
  return {
    id: `${event.terminalId}.${event.epoch}.${event.seq}`,
    terminalId: event.terminalId,
    terminalName: row.terminalName,
    entranceId: event.entranceId,
    entranceName: row.entranceName ?? '',
    kind: event.kind,
    via: event.via,
    reason: event.reason,
    who: who && reader.role === 'guard' ? { ...who, residentId: null } : who,
    pulseMs: event.pulseMs,
    at: event.at,
    receivedAt: event.receivedAt,
    seq: event.seq,
  };
}
