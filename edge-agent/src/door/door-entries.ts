import type { Id } from '@gatecast/firmware-protocol';
import type { PersonClass, Refusal, Unbillable, Via } from '@gatecast/firmware-protocol/messages';
import type { JournalEntry } from '../journal/journal-writer.ts';

/** Somebody whom the agent lets in. */
export interface Passing {
  readonly entrance: string;
  readonly via: Via;
  readonly person: PersonClass | null;
  readonly credential: string | null;
  /** Version of the list that decided. */
  readonly list: number | null;
  readonly command: string | null;
  readonly pulseMs: number;
  readonly unbillable: Unbillable | null;
  readonly touch: Id<'touch'>;
}

/** `withTouch` is false when nobody can say whether the door opened: such an opening is logged and sold to nobody. */
export function openedEntry(passing: Passing, withTouch: boolean): JournalEntry {
  const { entrance, via, person, pulseMs, list, command, credential, touch } = passing;
  return {
    stream: 'door',
    kind: 'opened',
    body: { entrance, via, person, pulseMs, list, command },
    privateData: { credential, touch: withTouch ? touch : null },
  };
}

export interface Refused {
  readonly entrance: string;
  readonly via: Via;
  readonly reason: Refusal;
  readonly list: number | null;
  readonly credential: string | null;
}

export function refusedEntry({ entrance, via, reason, list, credential }: Refused): JournalEntry {
  const body = { entrance, via, reason, list };
  return { stream: 'door', kind: 'refused', body, privateData: { credential, touch: null } };
}

export type Alarm = 'forced' | 'held-open' | 'tamper' | 'door-offline' | 'door-online' | 'wrong-codes';

export const alarmEntry = (entrance: string, alarm: Alarm): JournalEntry => ({
  stream: 'door',
  kind: 'alarm',
  body: { entrance, alarm },
});
