import { DoorLeaf } from './door-leaf.ts';

/** The exit button opens for so long, by the hardware itself. */
export const EXIT_RELEASE_MS = 5_000;
const EXIT_PRESSED_MS = 500;

/** What the wires of a door tell the inputs of its board. */
export type DoorWire = 'contact' | 'exitButton' | 'fire';

export interface DoorWiringOptions {
  /** Somebody walks through after each release. Default: true. */
  readonly autoWalk?: boolean | undefined;
  /** Whether the controller's relay releases the strike at this moment. */
  readonly isRelayOn: () => boolean;
  readonly onWire: (wire: DoorWire, isActive: boolean) => void;
  /** The strike was released or fell back. */
  readonly onChange: () => void;
}

/** What anybody can see of a door's lock and leaf. */
export interface DoorView {
  readonly lock: 'released' | 'secured';
  readonly contact: 'open' | 'closed';
  /** Releases since power-up; a pulse that is renewed before it ends is one. */
  readonly opens: number;
  /** How long the last finished release took; null before the first. */
  readonly lastPulseMs: number | null;
  readonly exitPressed: boolean;
  readonly fire: boolean;
}

/** Strike, leaf, exit button and fire line of a door. Exit and fire release the strike by wire, past the relay and whatever drives it. */
export class DoorWiring {
  readonly #options: DoorWiringOptions;
  readonly #leaf: DoorLeaf;
  #exitUntilMs = Number.NEGATIVE_INFINITY;
  #exitPressedUntilMs = Number.NEGATIVE_INFINITY;
  #isFire = false;
  #releasedSinceMs: number | undefined;
  #opens = 0;
  #lastPulseMs: number | null = null;

  constructor(options: DoorWiringOptions) {
    this.#options = options;
    this.#leaf = new DoorLeaf((isOpen) => options.onWire('contact', isOpen));
  }

  /** Somebody holds the door or lets it fall. */
  setContact(isOpen: boolean): void {
    this.#leaf.push(isOpen);
  }

  /** A worn contact: it says the opposite for a moment, so many times. */
  bounceContact(times: number, nowMs: number): void {
    this.#leaf.bounce(times, nowMs);
  }

  pressExit(nowMs: number): void {
    this.#exitUntilMs = nowMs + EXIT_RELEASE_MS;
    this.#exitPressedUntilMs = nowMs + EXIT_PRESSED_MS;
    this.#options.onWire('exitButton', true);
    this.settle(nowMs);
  }

  setFire(isActive: boolean, nowMs: number): void {
    this.#isFire = isActive;
    this.#options.onWire('fire', isActive);
    this.settle(nowMs);
  }

  advance(nowMs: number): void {
    this.#leaf.advance(nowMs, this.#isReleased(nowMs));
    if (nowMs >= this.#exitPressedUntilMs) {
      this.#options.onWire('exitButton', false);
    }
    this.settle(nowMs);
  }

  /** When `advance` has something to do; also times that have passed. */
  get deadlines(): (number | undefined)[] {
    return [...this.#leaf.deadlines, this.#exitUntilMs, this.#exitPressedUntilMs];
  }

  /** Notices that the strike was released or fell back, whoever did it; to be called when the relay may have moved. */
  settle(nowMs: number): void {
    const isReleased = this.#isReleased(nowMs);
    if (isReleased && this.#releasedSinceMs === undefined) {
      this.#releasedSinceMs = nowMs;
      this.#opens += 1;
      if (this.#options.autoWalk !== false) {
        this.#leaf.walkThrough(nowMs);
      }
      this.#options.onChange();
    } else if (!isReleased && this.#releasedSinceMs !== undefined) {
      this.#lastPulseMs = Math.round(nowMs - this.#releasedSinceMs);
      this.#releasedSinceMs = undefined;
      this.#options.onChange();
    }
  }

  view(nowMs: number): DoorView {
    return {
      lock: this.#isReleased(nowMs) ? 'released' : 'secured',
      contact: this.#leaf.isOpen ? 'open' : 'closed',
      opens: this.#opens,
      lastPulseMs: this.#lastPulseMs,
      exitPressed: nowMs < this.#exitPressedUntilMs,
      fire: this.#isFire,
    };
  }

  #isReleased(nowMs: number): boolean {
    return this.#options.isRelayOn() || nowMs < this.#exitUntilMs || this.#isFire;
  }
}
