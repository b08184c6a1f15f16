import type { Clock, KeyStore } from '@gatecast/firmware-protocol';
import type { DoorConfig } from '@gatecast/firmware-protocol/messages';
import type { DoorController, HardwareEvent, LiftController, ReaderEvent, Readers } from './door-controller.ts';
import { OsdpDoors } from './drivers/osdp.ts';
import type { DoorLink } from './serial-line.ts';

/** All hardware of one terminal: locks, lifts and readers, each behind its own way. */
export interface DoorHardware {
  readonly doors: DoorController;
  readonly lifts: LiftController;
  readonly readers: Readers;
  start(): void;
  /** Idempotent; no event follows. */
  stop(): void;
}

/** The ways to the hardware of this terminal. */
export interface DoorLinks {
  /** The OSDP bus. */
  readonly osdp: DoorLink;
}

export interface HardwareParts {
  readonly links: DoorLinks;
  readonly clock: Clock;
  readonly doors: readonly DoorConfig[];
  readonly onHardware: (event: HardwareEvent) => void;
  readonly onReader: (event: ReaderEvent) => void;
  readonly onLink?: (isUp: boolean, error: Error | undefined) => void;
  /** Where the keys of the secure channels are kept. */
  readonly secure?: { readonly keys: KeyStore };
}

export function createHardware({ links, ...parts }: HardwareParts): DoorHardware {
  const osdp = new OsdpDoors({ ...parts, ...links.osdp });
  return { doors: osdp, lifts: osdp, readers: osdp, start: () => osdp.start(), stop: () => osdp.stop() };
}
