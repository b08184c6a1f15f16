import type { LinkPlace } from '../transport/link-server.ts';
import { LinkServer } from '../transport/link-server.ts';
import type { Clock } from '../units/time.ts';
import type { FaultPlace } from './device-line.ts';
import { DeviceLine } from './device-line.ts';
import { DeviceMemory } from './device-memory.ts';
import { deviceServices } from './device-services.ts';
import { DOOR_ADDRESS, DOOR_SIDES, DoorHardware } from './door-hardware.ts';
import type { DoorSide, DoorState } from './door-hardware.ts';
import type { DeviceFault, FaultStep } from './fault-script.ts';
import type { LineFaults } from './line-faults.ts';
import { StateTeller } from './state-teller.ts';

export interface DoorStationOptions {
  readonly name: string;
  /** Number of the card that lies beside the reader, 26-bit Wiegand, six hexadecimal digits. */
  readonly card: string;
  readonly place: LinkPlace;
  readonly clock: Clock;
  readonly autoWalk?: boolean;
  /** On the bus. Default: 0. */
  readonly address?: number;
  /** A second reader inside, on the same line at the next address. Default: none. */
  readonly hasExitReader?: boolean;
  /** What the devices keep without power, loaded. Default: nothing, as from the box. */
  readonly memory?: DeviceMemory;
  /** Paces the line as a wire of this speed would. Default: as fast as the socket. */
  readonly baud?: number;
  /** For the line faults; `Math.random` by default. */
  readonly random?: () => number;
}

/** The door hardware on a real byte link, with its timers and the faults that can be put on its line. */
export class DoorStation {
  readonly door: DoorHardware;
  readonly #options: DoorStationOptions;
  readonly #server: LinkServer;
  readonly #line: DeviceLine;
  readonly #teller = new StateTeller(() => this.state());

  constructor(options: DoorStationOptions) {
    this.#options = options;
    this.door = this.#makeDoor(options);
    const { clock, random, baud } = options;
    const devices = [this.door, ...(this.door.exitReader === undefined ? [] : [this.door.exitReader])];
    this.#line = new DeviceLine({ clock, devices, ...(random && { random }), ...(baud !== undefined && { baud }) });
    this.#server = new LinkServer(options.place, (link) => this.#line.attach(link));
  }

  /** Number of the card that lies beside the reader. */
  get card(): string {
    return this.#options.card;
  }

  /** By chance, on the way to the board. */
  get faults(): LineFaults {
    return this.#line.faultsOf(this.door, 'command');
  }

  /** Resolves with the port of the byte link; rejects when the place is taken. */
  async start(): Promise<number> {
    const port = await this.#server.start();
    this.#teller.start();
    return port;
  }

  /** Idempotent. */
  async stop(): Promise<void> {
    this.#teller.stop();
    this.#line.stop();
    await this.#server.stop();
  }

  state(): DoorState {
    const nowMs = this.#nowMs();
    this.door.advance(nowMs);
    return this.door.state(nowMs);
  }

  /** Runs something that happens at the door, at the door's own time. */
  act<Result>(action: (door: DoorHardware, nowMs: number) => Result): Result {
    const nowMs = this.#nowMs();
    this.door.advance(nowMs);
    const result = action(this.door, nowMs);
    this.#line.settle();
    this.#teller.changed();
    return result;
  }

  /** On the line of one side's device, or of both. */
  setFaults(change: Partial<LineFaults>, side?: DoorSide, direction?: FaultPlace['direction']): void {
    for (const device of this.#devicesOn(side)) {
      this.#line.setFaults(change, { device, ...(direction && { direction }) });
    }
  }

  setScript(steps: readonly FaultStep[], side?: DoorSide): void {
    for (const device of this.#devicesOn(side)) {
      this.#line.setScript(device, steps);
    }
  }

  /** What a device does wrong from now on. After a power cut it starts with what it keeps. */
  disturb(fault: DeviceFault, side?: DoorSide): void {
    for (const device of this.#devicesOn(side)) {
      this.#line.disturb(device, fault);
    }
    this.#teller.changed();
  }

  /** Each change from now on. Returns how to stop listening. */
  watch(listener: (state: DoorState) => void): () => void {
    return this.#teller.watch(listener);
  }

  #makeDoor({
    name,
    autoWalk = true,
    address = DOOR_ADDRESS,
    hasExitReader,
    memory,
  }: DoorStationOptions): DoorHardware {
    const kept = memory ?? new DeviceMemory();
    const exitReaderAddress = kept.settingsOf('exit').address ?? address + 1;
    return new DoorHardware({
      name,
      autoWalk,
      address: kept.settingsOf('entry').address ?? address,
      ...(hasExitReader === true && { exitReaderAddress }),
      services: (side) => deviceServices({ memory: kept, name: side }),
      onChange: () => this.#teller.changed(),
    });
  }

  #devicesOn(side: DoorSide | undefined) {
    const sides = side === undefined ? DOOR_SIDES : [side];
    return sides.flatMap((each) => (each === 'entry' ? this.door : (this.door.exitReader ?? [])));
  }

  #nowMs(): number {
    return this.#options.clock.mono();
  }
}
