/** From one floor to the next. */
const FLOOR_MS = 400;
/** The car's door stays open for so long at a floor. */
const DOOR_OPEN_MS = 2_000;

export interface LiftView {
  /** Floor at which the car is, or which it passes. */
  readonly at: number;
  /** Where it goes; null when it rests. */
  readonly to: number | null;
  readonly door: 'open' | 'closed';
  /** Times that the call button was pressed, by hand or by relay. */
  readonly calls: number;
}

/** A lift car, without I/O: it comes when it is called, goes where a button sends it, and stays at the entrance floor while it burns. */
export class LiftCar {
  readonly #entranceFloor: number;
  readonly #onChange: () => void;
  #at: number;
  #to: number | null = null;
  #nextFloorMs = 0;
  #doorClosesMs = Number.NEGATIVE_INFINITY;
  #isFire = false;
  #calls = 0;

  constructor(entranceFloor: number, onChange: () => void) {
    this.#entranceFloor = entranceFloor;
    this.#at = entranceFloor;
    this.#onChange = onChange;
  }

  /** Somebody at the entrance floor wants it. */
  call(nowMs: number): void {
    this.#calls += 1;
    this.#send(this.#entranceFloor, nowMs);
  }

  /** A floor's button works. Has no effect while it burns. */
  goTo(floor: number, nowMs: number): void {
    if (!this.#isFire) {
      this.#send(floor, nowMs);
    }
  }

  setFire(isActive: boolean, nowMs: number): void {
    this.#isFire = isActive;
    if (isActive) {
      this.#send(this.#entranceFloor, nowMs);
    }
  }

  advance(nowMs: number): void {
    while (this.#to !== null && nowMs >= this.#nextFloorMs) {
      this.#at += Math.sign(this.#to - this.#at);
      this.#arriveOrGoOn(this.#to, this.#nextFloorMs);
    }
  }

  /** When something happens by itself; also times that have passed. */
  get deadlines(): (number | undefined)[] {
    return [this.#to === null ? undefined : this.#nextFloorMs, this.#doorClosesMs];
  }

  view(nowMs: number): LiftView {
    const door = nowMs < this.#doorClosesMs ? 'open' : 'closed';
    return { at: this.#at, to: this.#to, door, calls: this.#calls };
  }

  #send(floor: number, nowMs: number): void {
    this.#doorClosesMs = Number.NEGATIVE_INFINITY;
    this.#arriveOrGoOn(floor, nowMs);
  }

  #arriveOrGoOn(to: number, nowMs: number): void {
    const hasArrived = this.#at === to;
    this.#to = hasArrived ? null : to;
    this.#nextFloorMs = nowMs + FLOOR_MS;
    this.#doorClosesMs = hasArrived ? nowMs + DOOR_OPEN_MS : this.#doorClosesMs;
    this.#onChange();
  }
}
