import type { Id } from '@gatecast/firmware-protocol';
import type { DoorAlarm, DoorMode, PersonClass, Refusal, Via, doorRows } from '@gatecast/firmware-protocol/messages';
import type { z } from 'zod';
import type { JournalEntry } from '../journal/journal-writer.ts';

const row = (kind: keyof typeof doorRows, body: JournalEntry['body']): JournalEntry => ({ stream: 'door', kind, body });

/** What the journal keeps of somebody whom the agent lets in. */
export interface Opened {
  readonly entrance: string;
  readonly via: Via;
  readonly person: PersonClass | null;
  /** Version of the list that decided. */
  readonly list: number | null;
  readonly command: string | null;
  readonly pulseMs: number;
  readonly credential: string | null;
  readonly touch: Id<'touch'>;
}

/** `withTouch` is false when nobody can say whether the door opened: such an opening is logged and sold to nobody. */
export function openedEntry(opened: Opened, withTouch: boolean): JournalEntry {
  const { entrance, via, person, pulseMs, list, command, credential, touch } = opened;
  const privateData = { credential, touch: withTouch ? touch : null };
  return { ...row('opened', { entrance, via, person, pulseMs, list, command }), privateData };
}

export interface Refused {
  readonly entrance: string;
  readonly via: Via;
  readonly reason: Refusal;
  readonly list: number | null;
  readonly credential: string | null;
}

export function refusedEntry({ entrance, via, reason, list, credential }: Refused): JournalEntry {
  return { ...row('refused', { entrance, via, reason, list }), privateData: { credential, touch: null } };
}

export interface AlarmWord {
  readonly entrance: string;
  readonly alarm: DoorAlarm;
  /** False: it is over. */
  readonly active: boolean;
  /** Whose code raised it. */
  readonly credential?: string;
}

export function alarmEntry({ entrance, alarm, active, credential }: AlarmWord): JournalEntry {
  const entry = row('alarm', { entrance, alarm, active });
  return credential === undefined ? entry : { ...entry, privateData: { credential, touch: null } };
}

export const contactEntry = (entrance: string, open: boolean): JournalEntry => row('contact', { entrance, open });
export const exitEntry = (entrance: string): JournalEntry => row('exit', { entrance });
export const fireEntry = (entrance: string, active: boolean): JournalEntry => row('fire', { entrance, active });

type ModeCause = z.infer<(typeof doorRows)['mode']>['cause'];
export const modeEntry = (entrance: string, mode: DoorMode, cause: ModeCause): JournalEntry =>
  row('mode', { entrance, mode, cause });

export const readerEntry = (body: z.infer<(typeof doorRows)['reader']>): JournalEntry => row('reader', body);
