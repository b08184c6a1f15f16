import type { LedColour, LedPattern } from '../osdp/messages/led.ts';
import { Peripheral } from '../osdp/pd/peripheral.ts';
import type { DeviceIdentity } from '../osdp/messages/replies.ts';
import { packBits } from './wiegand.ts';

/** Terminal strip of the simulated board. */
export const DOOR_INPUT = { contact: 0, exitButton: 1, fire: 2 } as const;
export const STRIKE_OUTPUT = 0;
export const DOOR_ADDRESS = 0;
const READER = 0;

/** The exit button opens for so long, by the board itself. */
export const EXIT_RELEASE_MS = 5_000;
const EXIT_PRESSED_MS = 500;
/** Somebody walks through: the door leaf opens so long after the release … */
const WALK_OPENS_AFTER_MS = 600;
/** … and has fallen shut so long after that. */
const WALK_TAKES_MS = 2_500;
/** Dots on the page are forgotten after this, as the typed code is. */
const TYPED_FORGOTTEN_MS = 10_000;

const IDENTITY: DeviceIdentity = {
  vendor: '474354',
  model: 1,
  version: 1,
  serial: 1,
  firmware: { major: 1, minor: 0, build: 0 },
};

/** What anybody can see who stands before the door. */
export interface DoorState {
  readonly name: string;
  readonly lock: 'released' | 'secured';
  readonly contact: 'open' | 'closed';
  /** Releases since power-up. */
  readonly opens: number;
  /** Colour of the reader's LED at this moment, and the pattern behind it. */
  readonly led: LedColour;
  readonly ledPattern: LedPattern;
  readonly buzzer: boolean;
  readonly text: string;
  /** How long the last finished release took; null before the first. */
  readonly lastPulseMs: number | null;
  /** Whether a controller has spoken to the board within the last 8 s. */
  readonly linkOnline: boolean;
  readonly exitPressed: boolean;
  readonly fire: boolean;
  /** Keys pressed since the last `#` or `*`; which ones is nobody's business. */
  readonly keysTyped: number;
}

export interface DoorHardwareOptions {
  readonly name: string;
  /** On the bus. Default: {@link DOOR_ADDRESS}. */
  readonly address?: number;
  /** Somebody walks through after each release. Default: true. */
  readonly autoWalk?: boolean;
  readonly onChange: () => void;
}

/**
 * A door with its board, in one piece and without I/O: OSDP reader with keypad, strike, contact, exit button and fire input.
 * Exit and fire release the strike by wiring, whatever the controller does or whether there is one.
 */
export class DoorHardware {
  readonly board: Peripheral;
  readonly #options: DoorHardwareOptions;
  #exitUntilMs = Number.NEGATIVE_INFINITY;
  #exitPressedUntilMs = Number.NEGATIVE_INFINITY;
  #isFire = false;
  #walkOpensMs: number | undefined;
  #walkClosesMs: number | undefined;
  #isContactOpen = false;
  #releasedSinceMs: number | undefined;
  #opens = 0;
  #lastPulseMs: number | null = null;
  #keysTyped = 0;
  #lastKeyMs = Number.NEGATIVE_INFINITY;

  constructor(options: DoorHardwareOptions) {
    this.#options = options;
    this.board = new Peripheral({
      address: options.address ?? DOOR_ADDRESS,
      identity: IDENTITY,
      inputs: Object.keys(DOOR_INPUT).length,
      outputs: 1,
      readers: 1,
      onChange: options.onChange,
    });
  }

  receive(bytes: Uint8Array, nowMs: number): Uint8Array[] {
    const replies = this.board.receive(bytes, nowMs);
    this.#settle(nowMs);
    return replies;
  }

  advance(nowMs: number): void {
    this.board.advance(nowMs);
    if (this.#walkOpensMs !== undefined && nowMs >= this.#walkOpensMs) {
      this.#walkOpensMs = undefined;
      this.#walkClosesMs = this.#isReleased(nowMs) ? nowMs + WALK_TAKES_MS : undefined;
      this.#moveDoor(this.#isReleased(nowMs) || this.#isContactOpen);
    }
    if (this.#walkClosesMs !== undefined && nowMs >= this.#walkClosesMs) {
      this.#walkClosesMs = undefined;
      this.#moveDoor(false);
    }
    if (nowMs >= this.#exitPressedUntilMs) {
      this.#setInput(DOOR_INPUT.exitButton, false);
    }
    this.#settle(nowMs);
  }

  /** When `advance` has something to do. */
  nextDeadlineMs(nowMs: number): number | undefined {
    const times = [
      this.board.nextDeadlineMs(),
      this.#walkOpensMs,
      this.#walkClosesMs,
      this.#exitUntilMs,
      this.#exitPressedUntilMs,
    ].filter((time) => time !== undefined && time > nowMs);
    return times.length === 0 ? undefined : Math.min(...times.map(Number));
  }

  /** One KEYPAD message a key, as fingers are. False when the board's queue is full. */
  typeKeys(keys: string, nowMs: number): boolean {
    for (const key of keys) {
      if (!this.board.pressKeys({ reader: READER, keys: key })) {
        return false;
      }
      const isFresh = nowMs - this.#lastKeyMs < TYPED_FORGOTTEN_MS;
      this.#keysTyped = key === '#' || key === '*' ? 0 : (isFresh ? this.#keysTyped : 0) + 1;
      this.#lastKeyMs = nowMs;
    }
    this.#options.onChange();
    return true;
  }

  /** `bits` as text of 0 and 1, parity included. */
  presentCard(bits: string): boolean {
    return this.board.presentCard({ reader: READER, format: 1, bitCount: bits.length, bits: packBits(bits) });
  }

  /** What an optical reader sends: the text's bytes, in one message. */
  presentCode(bytes: Uint8Array): boolean {
    return this.board.presentCard({ reader: READER, format: 0, bitCount: bytes.length * 8, bits: bytes });
  }

  /** Somebody holds the door or lets it fall; a walk that was going on is over. */
  setContact(isOpen: boolean): void {
    this.#walkOpensMs = undefined;
    this.#walkClosesMs = undefined;
    this.#moveDoor(isOpen);
  }

  pressExit(nowMs: number): void {
    this.#exitUntilMs = nowMs + EXIT_RELEASE_MS;
    this.#exitPressedUntilMs = nowMs + EXIT_PRESSED_MS;
    this.#setInput(DOOR_INPUT.exitButton, true);
    this.#settle(nowMs);
  }

  setFire(isActive: boolean, nowMs: number): void {
    this.#isFire = isActive;
    this.#setInput(DOOR_INPUT.fire, isActive);
    this.#settle(nowMs);
  }

  /** The electronics lose power: relay and LED go out. Exit and fire are wired past them. */
  cutPower(nowMs: number): void {
    this.board.reset(nowMs);
    this.#keysTyped = 0;
    this.#settle(nowMs);
  }

  state(nowMs: number): DoorState {
    const reader = this.board.readers[READER];
    return {
      name: this.#options.name,
      lock: this.#isReleased(nowMs) ? 'released' : 'secured',
      contact: this.#isContactOpen ? 'open' : 'closed',
      opens: this.#opens,
      led: reader?.colourAt(nowMs) ?? 'off',
      ledPattern: reader?.pattern ?? { onMs: 100, offMs: 0, onColour: 'off', offColour: 'off' },
      buzzer: reader?.isSoundingAt(nowMs) ?? false,
      text: reader?.text ?? '',
      lastPulseMs: this.#lastPulseMs,
      linkOnline: this.board.isOnlineAt(nowMs),
      exitPressed: nowMs < this.#exitPressedUntilMs,
      fire: this.#isFire,
      keysTyped: nowMs - this.#lastKeyMs < TYPED_FORGOTTEN_MS ? this.#keysTyped : 0,
    };
  }

  #isReleased(nowMs: number): boolean {
    return this.board.outputs[STRIKE_OUTPUT] === true || nowMs < this.#exitUntilMs || this.#isFire;
  }

  /** Notices that the strike was released or fell back, whoever did it. */
  #settle(nowMs: number): void {
    const isReleased = this.#isReleased(nowMs);
    if (isReleased && this.#releasedSinceMs === undefined) {
      this.#releasedSinceMs = nowMs;
      this.#opens += 1;
      if (this.#options.autoWalk !== false && !this.#isContactOpen) {
        this.#walkOpensMs = nowMs + WALK_OPENS_AFTER_MS;
      }
      this.#options.onChange();
    } else if (!isReleased && this.#releasedSinceMs !== undefined) {
      this.#lastPulseMs = Math.round(nowMs - this.#releasedSinceMs);
      this.#releasedSinceMs = undefined;
      this.#options.onChange();
    }
  }

  #moveDoor(isOpen: boolean): void {
    this.#isContactOpen = isOpen;
    this.#setInput(DOOR_INPUT.contact, isOpen);
  }

  #setInput(index: number, isActive: boolean): void {
    const state = isActive ? 'active' : 'inactive';
    if (this.board.inputs[index] !== state) {
      this.board.setInput(index, state);
      this.#options.onChange();
    }
  }
}
