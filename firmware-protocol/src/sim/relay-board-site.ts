import { RelayBoardDevice } from '../modbus/relay-board-device.ts';
import { DoorWiring } from './door-wiring.ts';
import type { DoorView } from './door-wiring.ts';
import { LiftCar } from './lift-car.ts';
import type { LiftView } from './lift-car.ts';

/** Inputs of the simulated site. */
export const SITE_INPUT = { contact: 0, exitButton: 1, fire: 2 } as const;
export const SITE_INPUTS = 8;
/** Its relays: the door's strike, the call button of the lift, and from there on one floor each. */
export const SITE_RELAY = { strike: 0, call: 1, firstFloor: 2 } as const;
/** Floor of the first floor relay, which is also where the door is. */
export const ENTRANCE_FLOOR = 1;

export interface LiftFloorView {
  readonly floor: number;
  readonly relay: number;
  /** Its button works. */
  readonly released: boolean;
}

/** What anybody can see who stands before the door and the lift, and the lamps of the board. */
export interface RelaySiteState extends DoorView {
  readonly name: string;
  readonly unit: number;
  readonly relays: readonly boolean[];
  readonly inputs: readonly boolean[];
  /** Whether a master has spoken to the board within the last 8 s. */
  readonly linkOnline: boolean;
  readonly lift: LiftView & { readonly floors: readonly LiftFloorView[] };
}

export interface RelaySiteOptions {
  readonly name: string;
  readonly unit: number;
  /** At least 8. */
  readonly relays: number;
  /** Whether the board times pulses by itself. */
  readonly flashOn: boolean;
  /** Somebody walks through after each release. Default: true. */
  readonly autoWalk?: boolean;
  readonly onChange: () => void;
}

/** A relay board with a door and a lift on it, in one piece and without I/O. Exit and fire release the strike past the relay. */
export class RelayBoardSite {
  readonly board: RelayBoardDevice;
  readonly door: DoorWiring;
  readonly #options: RelaySiteOptions;
  readonly #car: LiftCar;
  #wasCalling = false;

  constructor(options: RelaySiteOptions) {
    const { unit, relays, flashOn, autoWalk, onChange } = options;
    this.#options = options;
    this.board = new RelayBoardDevice({ unit, relays, inputs: SITE_INPUTS, flashOn, onChange });
    this.#car = new LiftCar(ENTRANCE_FLOOR, onChange);
    this.door = new DoorWiring({
      autoWalk,
      isRelayOn: () => this.board.relays[SITE_RELAY.strike] === true,
      onWire: (wire, isActive) => this.board.setInput(SITE_INPUT[wire], isActive),
      onChange,
    });
  }

  receive(bytes: Uint8Array, nowMs: number): Uint8Array[] {
    const answers = this.board.receive(bytes, nowMs);
    this.#settle(nowMs);
    return answers;
  }

  advance(nowMs: number): void {
    this.board.advance(nowMs);
    this.door.advance(nowMs);
    this.#car.advance(nowMs);
    this.#settle(nowMs);
  }

  /** When `advance` has something to do. */
  nextDeadlineMs(nowMs: number): number | undefined {
    const times = [this.board.nextDeadlineMs(), ...this.door.deadlines, ...this.#car.deadlines].flatMap(
      (at) => at ?? [],
    );
    const coming = times.filter((time) => time > nowMs);
    return coming.length === 0 ? undefined : Math.min(...coming);
  }

  /** The board loses power: its relays fall off. Exit and fire are wired past them. */
  reset(nowMs: number): void {
    this.board.reset();
    this.#settle(nowMs);
  }

  /** Somebody in the car presses a button. Undefined when the lift has no such floor, false when the button is dead. */
  press(floor: number, nowMs: number): boolean | undefined {
    const button = this.#floors().find((each) => each.floor === floor);
    if (button?.released === true) {
      this.#car.goTo(floor, nowMs);
    }
    return button?.released;
  }

  setFire(isActive: boolean, nowMs: number): void {
    this.door.setFire(isActive, nowMs);
    this.#car.setFire(isActive, nowMs);
  }

  state(nowMs: number): RelaySiteState {
    return {
      name: this.#options.name,
      unit: this.#options.unit,
      ...this.door.view(nowMs),
      relays: this.board.relays,
      inputs: [...this.board.inputs],
      linkOnline: this.board.isOnlineAt(nowMs),
      lift: { ...this.#car.view(nowMs), floors: this.#floors() },
    };
  }

  #floors(): LiftFloorView[] {
    return this.board.relays.slice(SITE_RELAY.firstFloor).map((released, index) => ({
      floor: ENTRANCE_FLOOR + index,
      relay: SITE_RELAY.firstFloor + index,
      released,
    }));
  }

  /** Whatever hangs on a relay follows it. */
  #settle(nowMs: number): void {
    this.door.settle(nowMs);
    const isCalling = this.board.relays[SITE_RELAY.call] === true;
    if (isCalling && !this.#wasCalling) {
      this.#car.call(nowMs);
    }
    this.#wasCalling = isCalling;
  }
}
