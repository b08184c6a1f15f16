import type { Clock, KeyStore } from '@gatecast/firmware-protocol';
import type { DoorConfig } from '@gatecast/firmware-protocol/messages';
import type { Log } from '../log.ts';
import type { DoorController, HardwareEvent, LiftController, ReaderEvent, Readers } from './door-controller.ts';
import { ModbusDoors } from './drivers/modbus-doors.ts';
import { MqttRelays } from './drivers/mqtt-relay.ts';
import { OsdpBus } from './drivers/osdp-bus.ts';
import { UnlinkedDoors } from './drivers/unlinked-doors.ts';
import type { PairedDevices } from '../store/paired-devices.ts';
import type { RelayBroker } from './relay-broker.ts';
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

/** The ways to the hardware of this terminal. A door whose way is missing stays shut and counts as offline. */
export interface DoorLinks {
  /** The OSDP bus. */
  readonly osdp: DoorLink;
  /** Relay boards on Modbus RTU. */
  readonly relay?: DoorLink | undefined;
  /** The site's broker of networked relays. */
  readonly mqtt?: RelayBroker | undefined;
}
export type LinkName = keyof DoorLinks;

export interface HardwareParts {
  readonly links: DoorLinks;
  readonly clock: Clock;
  readonly doors: readonly DoorConfig[];
  readonly onHardware: (event: HardwareEvent) => void;
  readonly onReader: (event: ReaderEvent) => void;
  /** A link came up, or went down and why. Whether the hardware on it answers is told by `online`. */
  readonly onLink?: (isUp: boolean, error: Error | undefined, link: LinkName) => void;
  /** Where the keys of the secure channels are kept, and which devices are not used without one. */
  readonly secure?: { readonly keys: KeyStore; readonly paired: Pick<PairedDevices, 'has'> };
  readonly log: Pick<Log, 'warn' | 'error'>;
}

/** Hardware that has not come up for so long after the start is offline: 8 s are the rule of OSDP 5.7, the rest is for the links to come up. */
const silentAfterMs = 10_000;

type Locks = Omit<DoorController, 'start' | 'stop'> & LiftController;
type Kind = DoorConfig['hardware']['kind'];

/** The ways that the doors of a configuration need, and no others: a line that nothing hangs on is not opened. */
export function createHardware(parts: HardwareParts): DoorHardware {
  const { doors, links } = parts;
  /** Entrances whose hardware has told whether it is there. */
  const known = new Set<string>();
  const onHardware = (event: HardwareEvent) => {
    if (event.type === 'online') known.add(event.entrance);
    parts.onHardware(event);
  };
  const has = (kind: Kind) => doors.some(({ hardware }) => hardware.kind === kind);
  const onLink = (link: LinkName) => ({
    onLink: (isUp: boolean, error: Error | undefined) => parts.onLink?.(isUp, error, link),
  });
  const osdp = new OsdpBus({ ...parts, ...links.osdp, ...onLink('osdp'), onHardware });
  const modbus =
    links.relay && has('modbus')
      ? new ModbusDoors({ ...parts, ...links.relay, ...onLink('relay'), onHardware })
      : undefined;
  const mqtt =
    links.mqtt && has('mqtt')
      ? new MqttRelays({ ...parts, broker: links.mqtt, ...onLink('mqtt'), onHardware })
      : undefined;
  const unlinked = new UnlinkedDoors({ ...parts, isLinked: (kind) => locksOf[kind] !== undefined });
  const locksOf: Record<Kind, Locks | undefined> = { osdp: osdp.locks, modbus, mqtt };
  const kinds = new Map(doors.map(({ entrance, hardware }) => [entrance, hardware.kind]));
  const way = (entrance: string): Locks => {
    const kind = kinds.get(entrance);
    return (kind && locksOf[kind]) ?? unlinked;
  };

  const running = [osdp, modbus, mqtt, unlinked].filter((each) => each !== undefined);
  let silence: NodeJS.Timeout | undefined;
  const start = () => {
    running.forEach((each) => each.start());
    silence = setTimeout(() => {
      osdp.tellSilentReaders();
      const silent = doors.filter(({ entrance }) => !known.has(entrance));
      for (const { entrance } of silent) onHardware({ type: 'online', entrance, online: false });
    }, silentAfterMs);
  };
  const stop = () => {
    clearTimeout(silence);
    running.forEach((each) => each.stop());
  };
  return {
    start,
    stop,
    doors: {
      start,
      stop,
      open: (entrance, ...order) => way(entrance).open(entrance, ...order),
      hold: (entrance) => way(entrance).hold(entrance),
      release: (entrance) => way(entrance).release(entrance),
      status: (entrance) => way(entrance).status(entrance),
      health: (entrance) => way(entrance).health(entrance),
    },
    lifts: {
      call: (entrance) => way(entrance).call(entrance),
      releaseFloors: (entrance, floors) => way(entrance).releaseFloors(entrance, floors),
    },
    readers: {
      feedback: (...shown) => osdp.readers.feedback(...shown),
      showMode: (entrance, mode) => osdp.readers.showMode(entrance, mode),
      wires: (entrance) => osdp.wires.wires(entrance),
      pair: (entrance, untilMono) => osdp.wires.pair(entrance, untilMono),
      rotateKeys: (entrance) => osdp.wires.rotateKeys(entrance),
    },
  };
}
