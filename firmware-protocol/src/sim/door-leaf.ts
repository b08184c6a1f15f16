/** Somebody walks through: the door leaf opens so long after the release … */
const WALK_OPENS_AFTER_MS = 600;
/** … and has fallen shut so long after that. */
const WALK_TAKES_MS = 2_500;
/** A worn contact flips back after so long. */
const BOUNCE_MS = 8;

/** The leaf of a door and its contact: moved by hand, by somebody who walks through, or only seemingly, by a contact that bounces. */
export class DoorLeaf {
  readonly #onMove: (isOpen: boolean) => void;
  #isOpen = false;
  #walkOpensMs: number | undefined;
  #walkClosesMs: number | undefined;
  #flipsLeft = 0;
  #nextFlipMs: number | undefined;

  /** `onMove` is told what the contact says, each time it may have changed. */
  constructor(onMove: (isOpen: boolean) => void) {
    this.#onMove = onMove;
  }

  get isOpen(): boolean {
    return this.#isOpen;
  }

  /** Somebody holds the door or lets it fall; a walk that was going on is over, and the contact is steady. */
  push(isOpen: boolean): void {
    this.#walkOpensMs = undefined;
    this.#walkClosesMs = undefined;
    this.#nextFlipMs = undefined;
    this.#move(isOpen);
  }

  /** Somebody is about to walk through, if the lock is still released by then. */
  walkThrough(nowMs: number): void {
    if (!this.#isOpen) {
      this.#walkOpensMs = nowMs + WALK_OPENS_AFTER_MS;
    }
  }

  /** The contact flips and comes back, so many times. */
  bounce(times: number, nowMs: number): void {
    this.#flipsLeft = 2 * times - 1;
    this.#nextFlipMs = nowMs + BOUNCE_MS;
    this.#move(!this.#isOpen);
  }

  advance(nowMs: number, isReleased: boolean): void {
    while (this.#nextFlipMs !== undefined && nowMs >= this.#nextFlipMs) {
      this.#flip(this.#nextFlipMs);
    }
    if (this.#walkOpensMs !== undefined && nowMs >= this.#walkOpensMs) {
      this.#walkOpensMs = undefined;
      this.#walkClosesMs = isReleased ? nowMs + WALK_TAKES_MS : undefined;
      this.#move(isReleased || this.#isOpen);
    }
    if (this.#walkClosesMs !== undefined && nowMs >= this.#walkClosesMs) {
      this.#walkClosesMs = undefined;
      this.#move(false);
    }
  }

  /** When `advance` has something to do. */
  get deadlines(): (number | undefined)[] {
    return [this.#nextFlipMs, this.#walkOpensMs, this.#walkClosesMs];
  }

  #flip(atMs: number): void {
    this.#flipsLeft -= 1;
    this.#nextFlipMs = this.#flipsLeft > 0 ? atMs + BOUNCE_MS : undefined;
    this.#move(!this.#isOpen);
  }

  #move(isOpen: boolean): void {
    this.#isOpen = isOpen;
    this.#onMove(isOpen);
  }
}
