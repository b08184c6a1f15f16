import type { InputState } from '@gatecast/firmware-protocol';
import type { HardwareEvent, HardwareStatus } from '../door-controller.ts';

/** What a supervised input says when its wire is not whole (spec 7.7). */
const brokenWire: ReadonlySet<InputState | undefined> = new Set<InputState>(['shorted', 'cut', 'fault']);

/** What a door's hardware can tell besides being there. */
interface Told {
  open: boolean | null;
  fire: boolean | null;
  exit: boolean | null;
  released: boolean | null;
  tampered: boolean | null;
  powerFailed: boolean | null;
}
const nothing: Told = { open: null, fire: null, exit: null, released: null, tampered: null, powerFailed: null };

/** A door with its wires on a board; null where it has no such wire. */
export interface WiredDoor {
  readonly entrance: string;
  readonly hardware: Readonly<Record<'contactInput' | 'exitInput' | 'fireInput', number | null>>;
}

/**
 * One door as the reports of its board tell it: what is new in a report becomes an event. No I/O. What was never told counts as closed, secured
 * and quiet, so only the contact is told in any case when the board has come up.
 */
export class BoardDoor {
  readonly #door: WiredDoor;
  /** What has been told since the board came up. */
  #now: Told = nothing;
  /** What listeners were told last, also before the board was lost. */
  #told: Told = nothing;
  #isWireBroken = false;
  #isLockDeaf = false;
  #isRefusing = false;
  #isFault = false;

  constructor(door: WiredDoor) {
    this.#door = door;
  }

  get status(): HardwareStatus {
    const { released, open, fire, tampered } = this.#now;
    return { released, open, fire, tampered };
  }

  /** The board does not answer any more: nothing is known until it tells again. */
  lost(): void {
    this.#now = nothing;
  }

  /** All inputs of the board, in the order of its terminal strip. */
  hearInputs(states: readonly InputState[]): HardwareEvent[] {
    const { contactInput, exitInput, fireInput } = this.#door.hardware;
    const isFirst = this.#now.open === null;
    const wasPressed = this.#now.exit;
    const at = (input: number | null, before: boolean | null) =>
      known(input === null ? undefined : states[input], before);
    const [open, exit, fire] = [
      at(contactInput, this.#now.open),
      at(exitInput, this.#now.exit),
      at(fireInput, this.#now.fire),
    ];
    this.#now = { ...this.#now, open, exit, fire };
    this.#isWireBroken = [contactInput, exitInput, fireInput].some((n) => n !== null && brokenWire.has(states[n]));
    const events = [...this.#news('fire', (active) => ({ type: 'fire', active }))];
    if (exit && wasPressed === false) events.push(this.#event({ type: 'exit' }));
    if (open !== null && (isFirst || open !== this.#told.open)) {
      events.push(this.#event({ type: 'contact', open, isFirst }));
      this.#told = { ...this.#told, open };
    }
    return [...events, ...this.#faultNews()];
  }

  /**
   * The output of the lock. `expected`: what an order that the board has acknowledged made of it, where that is known; a lock that stays shut all the
   * same is a fault.
   */
  hearLock(released: boolean, expected?: boolean): HardwareEvent[] {
    this.#now = { ...this.#now, released };
    if (released || expected !== undefined) this.#isLockDeaf = expected === true && !released;
    return [...this.#news('released', (now) => ({ type: 'lock', released: now })), ...this.#faultNews()];
  }

  /** The board refuses what the door's wiring needs, or does so no more. */
  hearRefusing(isRefusing: boolean): HardwareEvent[] {
    this.#isRefusing = isRefusing;
    return this.#faultNews();
  }

  hearTamper(tampered: boolean): HardwareEvent[] {
    this.#now = { ...this.#now, tampered };
    return this.#news('tampered', (active) => ({ type: 'tamper', active }));
  }

  hearPower(powerFailed: boolean): HardwareEvent[] {
    this.#now = { ...this.#now, powerFailed };
    return this.#news('powerFailed', (failed) => ({ type: 'power', failed }));
  }

  #news(what: keyof Told, event: (value: boolean) => Telling): HardwareEvent[] {
    const value = this.#now[what];
    if (value === null || value === (this.#told[what] ?? false)) return [];
    this.#told = { ...this.#told, [what]: value };
    return [this.#event(event(value))];
  }

  #faultNews(): HardwareEvent[] {
    const isFault = this.#isWireBroken || this.#isLockDeaf || this.#isRefusing;
    if (isFault === this.#isFault) return [];
    this.#isFault = isFault;
    return [this.#event({ type: 'fault', active: isFault })];
  }

  #event(event: Telling): HardwareEvent {
    return { ...event, entrance: this.#door.entrance };
  }
}

type Telling = HardwareEvent extends infer Event ? (Event extends unknown ? Omit<Event, 'entrance'> : never) : never;

/** What an input says of its switch; a broken wire or an unknown state leaves it where it was. */
function known(state: InputState | undefined, before: boolean | null): boolean | null {
  if (state === 'active') return true;
  return state === 'inactive' ? false : before;
}
