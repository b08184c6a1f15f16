import type { PeripheralOptions } from '../osdp/pd/peripheral.ts';
import { Peripheral } from '../osdp/pd/peripheral.ts';
import type { DeviceIdentity } from '../osdp/messages/replies.ts';
import type { LineDevice } from './device-line.ts';
import type { ReaderView } from './door-reader.ts';
import { DoorReader } from './door-reader.ts';
import type { DoorView } from './door-wiring.ts';
import { DoorWiring } from './door-wiring.ts';

/** Terminal strip of the simulated board. */
export const DOOR_INPUT = { contact: 0, exitButton: 1, fire: 2 } as const;
export const STRIKE_OUTPUT = 0;
export const DOOR_ADDRESS = 0;

const IDENTITY: DeviceIdentity = {
  vendor: '474354',
  model: 1,
  version: 1,
  serial: 1,
  firmware: { major: 1, minor: 0, build: 0 },
};

/** On which side of the door a reader hangs: `entry` outside, on the board; `exit` inside, a device of its own. */
export const DOOR_SIDES = ['entry', 'exit'] as const;
export type DoorSide = (typeof DOOR_SIDES)[number];

/** What anybody can see who stands before the door; the reader's part is that of the entry. */
export interface DoorState extends ReaderView, DoorView {
  readonly name: string;
  /** The board's housing is open. */
  readonly tamper: boolean;
  readonly powerFailed: boolean;
  /** The reader inside; null where there is none. */
  readonly exitReader: ReaderView | null;
}

/** What a device has beside its body: a secure channel, settings that can be moved. */
export type DeviceServices = Pick<PeripheralOptions, 'secure' | 'onComset'>;

export interface DoorHardwareOptions {
  readonly name: string;
  /** On the bus. Default: {@link DOOR_ADDRESS}. */
  readonly address?: number;
  /** Somebody walks through after each release. Default: true. */
  readonly autoWalk?: boolean;
  /** Where the reader inside is on the same bus. Default: there is none. */
  readonly exitReaderAddress?: number;
  /** What the devices have beside their bodies. Default: nothing. */
  readonly services?: (side: DoorSide) => DeviceServices;
  readonly onChange: () => void;
}

/**
 * A door with its board, in one piece and without I/O: OSDP reader with keypad, strike, contact, exit button and fire input, and
 * perhaps a second reader inside. Exit and fire release the strike by wiring, whatever the controller does or whether there is one.
 * On the line it is the board: a {@link LineDevice}.
 */
export class DoorHardware implements LineDevice {
  readonly board: Peripheral;
  readonly exitReader: Peripheral | undefined;
  readonly #options: DoorHardwareOptions;
  readonly #wiring: DoorWiring;
  readonly #entry: DoorReader;
  readonly #exit: DoorReader | undefined;
  #isTampered = false;
  #isPowerFailed = false;

  constructor(options: DoorHardwareOptions) {
    const { address = DOOR_ADDRESS, exitReaderAddress, services = () => ({}), onChange } = options;
    this.#options = options;
    const body = { identity: IDENTITY, readers: 1, onChange };
    const inputs = Object.keys(DOOR_INPUT).length;
    this.board = new Peripheral({ ...body, ...services('entry'), address, inputs, outputs: 1 });
    this.#entry = new DoorReader(this.board);
    this.#wiring = new DoorWiring({
      autoWalk: options.autoWalk,
      isRelayOn: () => this.board.outputs[STRIKE_OUTPUT] === true,
      onWire: (wire, isActive) => this.#setInput(DOOR_INPUT[wire], isActive),
      onChange,
    });
    if (exitReaderAddress !== undefined) {
      const identity = { ...IDENTITY, model: 2, serial: 2 };
      const place = { address: exitReaderAddress, identity, inputs: 0, outputs: 0 };
      this.exitReader = new Peripheral({ ...body, ...services('exit'), ...place });
      this.#exit = new DoorReader(this.exitReader);
    }
  }

  get address(): number {
    return this.board.address;
  }

  /** The reader on that side of the door. */
  readerOn(side: DoorSide): DoorReader | undefined {
    return side === 'entry' ? this.#entry : this.#exit;
  }

  receive(bytes: Uint8Array, nowMs: number): Uint8Array[] {
    const replies = this.board.receive(bytes, nowMs);
    this.#wiring.settle(nowMs);
    return replies;
  }

  advance(nowMs: number): void {
    this.board.advance(nowMs);
    this.#wiring.advance(nowMs);
  }

  /** When `advance` has something to do. */
  nextDeadlineMs(nowMs: number): number | undefined {
    const times = [this.board.nextDeadlineMs(), ...this.#wiring.deadlines].flatMap((time) => time ?? []);
    const coming = times.filter((time) => time > nowMs);
    return coming.length === 0 ? undefined : Math.min(...coming);
  }

  answerBusy(count: number): void {
    this.board.answerBusy(count);
  }

  refuseNext(nakError: number): void {
    this.board.refuseNext(nakError);
  }

  /** The electronics lose power: relay and LED go out. Exit and fire are wired past them. */
  reset(nowMs: number): void {
    this.board.reset(nowMs);
    this.#entry.forget();
    this.#wiring.settle(nowMs);
  }

  /** Somebody holds the door or lets it fall. */
  setContact(isOpen: boolean): void {
    this.#wiring.setContact(isOpen);
  }

  /** A worn contact: it says the opposite for a moment, so many times. */
  bounceContact(times: number, nowMs: number): void {
    this.#wiring.bounceContact(times, nowMs);
  }

  pressExit(nowMs: number): void {
    this.#wiring.pressExit(nowMs);
  }

  setFire(isActive: boolean, nowMs: number): void {
    this.#wiring.setFire(isActive, nowMs);
  }

  /** Somebody opens the board's housing, or closes it. */
  setTamper(isActive: boolean): void {
    this.#isTampered = isActive;
    this.board.setTamper(isActive);
    this.#options.onChange();
  }

  /** The mains fail and the board lives on its battery, or they are back. */
  setPower(isFailed: boolean): void {
    this.#isPowerFailed = isFailed;
    this.board.setPower(isFailed);
    this.#options.onChange();
  }

  state(nowMs: number): DoorState {
    return {
      name: this.#options.name,
      ...this.#wiring.view(nowMs),
      ...this.#entry.view(nowMs),
      tamper: this.#isTampered,
      powerFailed: this.#isPowerFailed,
      exitReader: this.#exit?.view(nowMs) ?? null,
    };
  }

  #setInput(index: number, isActive: boolean): void {
    const state = isActive ? 'active' : 'inactive';
    if (this.board.inputs[index] !== state) {
      this.board.setInput(index, state);
      this.#options.onChange();
    }
  }
}
