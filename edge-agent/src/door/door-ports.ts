import type { Clock, InstantMs } from '@gatecast/firmware-protocol';
import type { ClockQuality } from '@gatecast/firmware-protocol/messages';
import type { JournalEntry } from '../journal/journal-writer.ts';
import type { DoorListener } from './door-listener.ts';
import type { DoorHardware } from './hardware.ts';
import type { StandingAlarms } from './standing-alarms.ts';

/** What the parts of a door reach the world through. */
export interface DoorPorts {
  readonly clock: Clock;
  readonly clockQuality: () => ClockQuality;
  /** The latest moment that a trusted clock has shown; undefined if none ever did. */
  readonly provenNow: () => InstantMs | undefined;
  readonly listener: DoorListener;
  readonly alarms: StandingAlarms;
  /** Undefined before the first configuration and after the end. */
  readonly hardware: () => DoorHardware | undefined;
  /** Hands a row to the journal and waits for nothing. */
  readonly write: (entry: JournalEntry) => void;
  /** What a door tells of itself is not what it was. */
  readonly changed: () => void;
}
