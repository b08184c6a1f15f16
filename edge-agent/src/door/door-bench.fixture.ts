import { newId, systemClock } from '@gatecast/firmware-protocol';
import type { DoorConfig, DoorHardwareConfig } from '@gatecast/firmware-protocol/messages';
import type { HardwareEvent, ReaderEvent } from './door-controller.ts';
import { createHardware, type DoorHardware } from './hardware.ts';
import { relayBroker } from './relay-broker.ts';
import { doorLink } from './serial-line.ts';

/** Where the simulators of a bench are, as in the agent's settings. */
export interface BenchLinks {
  readonly osdp?: string;
  readonly relay?: string;
  readonly mqtt?: string;
}

/** What the lock itself shows, whatever the controller believes. */
export interface BenchLock {
  readonly released: boolean;
  /** Releases since the bench was started. */
  readonly opens: number;
  /** How long the last finished release took, by the hardware's own clock. */
  readonly lastPulseMs: number | null;
}

/** Door hardware in a process of its own, that speaks the real protocol, and the hands that can touch it. */
export interface DoorBench {
  readonly hardware: DoorHardwareConfig;
  start(): Promise<BenchLinks>;
  stop(): Promise<void>;
  lock(): Promise<BenchLock>;
  moveLeaf(open: boolean): Promise<void>;
  /** The hardware stops answering, and is back. */
  cut(): Promise<void>;
  restore(): Promise<void>;
  /** Orders arrive, answers do not. */
  loseAnswers(isLosing: boolean): Promise<void>;
  /** Where the hardware has an exit button and a fire line. */
  readonly wires?: {
    pressExit(): Promise<void>;
    setFire(active: boolean): Promise<void>;
  };
}

/** A gate on this hardware, without readers. */
export function benchDoor(hardware: DoorHardwareConfig, changes: Partial<DoorConfig> = {}): DoorConfig {
  return {
    entrance: newId('entrance'),
    name: 'Gate',
    placement: 'gate',
    hardware,
    readers: [],
    lift: null,
    openMs: 3_000,
    heldOpenMs: 30_000,
    bounceMs: 50,
    schedules: [],
    override: null,
    antiPassback: false,
    ...changes,
  };
}

/** Nothing listens there: for hardware that has no OSDP bus. */
const nowhere = 'tcp://127.0.0.1:9';

export interface BenchListeners {
  readonly onHardware?: (event: HardwareEvent) => void;
  readonly onReader?: (event: ReaderEvent) => void;
  readonly onError?: (facts: object) => void;
}

/** The agent's own hardware, at the links of a bench. */
export function benchHardware(
  links: BenchLinks,
  doors: readonly DoorConfig[],
  { onHardware = () => {}, onReader = () => {}, onError = () => {} }: BenchListeners = {},
): DoorHardware {
  return createHardware({
    links: {
      osdp: doorLink(links.osdp ?? nowhere),
      relay: links.relay === undefined ? undefined : doorLink(links.relay),
      mqtt: links.mqtt === undefined ? undefined : relayBroker(links.mqtt),
    },
    clock: systemClock,
    doors,
    onHardware,
    onReader,
    log: { warn: () => {}, error: onError },
  });
}
