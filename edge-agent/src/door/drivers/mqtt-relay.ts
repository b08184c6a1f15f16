import type { Clock } from '@gatecast/firmware-protocol';
import type { DoorConfig } from '@gatecast/firmware-protocol/messages';
import type { Log } from '../../log.ts';
import {
  holdMs,
  type DoorController,
  type HardwareEvent,
  type HardwareHealth,
  type HardwareStatus,
  type LiftController,
  type Obeyed,
} from '../door-controller.ts';
import type { RelayBroker } from '../relay-broker.ts';
import { MqttDoor, type MqttDoorConfig } from './mqtt-door.ts';
import { RelayConnection } from './relay-connection.ts';

export interface MqttRelaysParts {
  readonly broker: RelayBroker;
  readonly clock: Clock;
  /** Those on other hardware are left out. */
  readonly doors: readonly DoorConfig[];
  readonly onHardware: (event: HardwareEvent) => void;
  readonly onLink?: (isUp: boolean, error: Error | undefined) => void;
  readonly log: Pick<Log, 'error'>;
}

const unknown: HardwareStatus = { released: null, open: null, fire: null, tampered: null };
const unreachable: HardwareHealth = { online: false, answeredAt: null, roundTripMs: null, answers: 0, timeouts: 0 };

/**
 * Doors on networked relays (Tasmota, Shelly and the like), by the topics and payloads of their configuration. The relay's own state topic is the only
 * acknowledgement; what the broker has kept from before is none.
 */
export class MqttRelays implements DoorController, LiftController {
  readonly #parts: MqttRelaysParts;
  readonly #connection: RelayConnection;
  readonly #doors: ReadonlyMap<string, MqttDoor>;
  #isRunning = false;

  constructor(parts: MqttRelaysParts) {
    this.#parts = parts;
    const own = parts.doors.filter((door): door is DoorConfig & MqttDoorConfig => door.hardware.kind === 'mqtt');
    this.#connection = new RelayConnection({
      broker: parts.broker,
      topics: [...new Set(own.flatMap(topicsOf))],
      onUp: () => this.#onLink(true, undefined),
      onDown: (error) => this.#onLink(false, error),
      onMessage: (topic, payload, isRetained) => this.#hear(topic, payload, isRetained),
    });
    const onEvent = (event: HardwareEvent) => this.#tell(event);
    const newDoor = (config: MqttDoorConfig) =>
      new MqttDoor({ config, clock: parts.clock, connection: this.#connection, onEvent });
    this.#doors = new Map(own.map((config) => [config.entrance, newDoor(config)]));
  }

  start(): void {
    if (this.#isRunning) return;
    this.#isRunning = true;
    for (const [entrance, door] of this.#doors) {
      if (!door.isRefused) continue;
      const facts = { code: 'untimed-relay', entrance };
      this.#parts.log.error(facts, 'this relay would stay on if the agent died; the installer has not allowed that');
      this.#tell({ type: 'fault', entrance, active: true });
    }
    this.#connection.start();
  }

  stop(): void {
    this.#isRunning = false;
    for (const door of this.#doors.values()) door.stop();
    this.#connection.stop();
  }

  async open(entrance: string, pulseMs: number, notAfterMono = Number.POSITIVE_INFINITY): Promise<Obeyed> {
    return this.#doors.get(entrance)?.release(pulseMs, notAfterMono) ?? 'no';
  }

  hold(entrance: string): Promise<Obeyed> {
    return this.open(entrance, holdMs);
  }

  async release(entrance: string): Promise<Obeyed> {
    return this.#doors.get(entrance)?.secure() ?? 'no';
  }

  call(entrance: string): Promise<Obeyed> {
    return this.open(entrance, this.#doors.get(entrance)?.openMs ?? 0);
  }

  /** A networked relay is one contact: there are no floors behind it. */
  async releaseFloors(): Promise<Obeyed> {
    return 'no';
  }

  status(entrance: string): HardwareStatus {
    return this.#doors.get(entrance)?.status ?? unknown;
  }

  health(entrance: string): HardwareHealth {
    return this.#doors.get(entrance)?.health ?? unreachable;
  }

  #onLink(isUp: boolean, error: Error | undefined): void {
    for (const door of this.#doors.values()) {
      if (isUp) door.lineUp();
      else door.lineDown();
    }
    this.#parts.onLink?.(isUp, error);
  }

  #hear(topic: string, payload: string, isRetained: boolean): void {
    for (const door of this.#doors.values()) door.hear(topic, payload, isRetained);
  }

  #tell(event: HardwareEvent): void {
    if (this.#isRunning) this.#parts.onHardware(event);
  }
}

/** Those on which a relay speaks; doors of one relay may share some. */
function topicsOf({ hardware }: MqttDoorConfig): string[] {
  const { stateTopic, contact, availability } = hardware;
  return [stateTopic, ...[contact, availability].flatMap((told) => told?.topic ?? [])];
}
