import type { Clock } from '../units/time.ts';
import type { ByteLink } from '../transport/link.ts';
import type { LinkPlace } from '../transport/link-server.ts';
import { LinkServer } from '../transport/link-server.ts';
import { pacedLink } from '../transport/paced-link.ts';
import { DOOR_ADDRESS, DoorHardware } from './door-hardware.ts';
import type { DoorState } from './door-hardware.ts';
import type { LineFaults } from './line-faults.ts';
import { NO_FAULTS, faultyLink } from './line-faults.ts';

/** How often a change of the state is told at most; LEDs that blink need no more. */
const TELL_INTERVAL_MS = 30;
/** The link's state and blinking change by themselves. */
const TICK_MS = 250;

export interface DoorStationOptions {
  readonly name: string;
  /** Number of the card that lies beside the reader, 26-bit Wiegand, six hexadecimal digits. */
  readonly card: string;
  readonly place: LinkPlace;
  readonly clock: Clock;
  readonly autoWalk?: boolean;
  /** On the bus. Default: 0. */
  readonly address?: number;
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
  readonly #listeners = new Set<(state: DoorState) => void>();
  #link: ByteLink | undefined;
  #faults: LineFaults = NO_FAULTS;
  #powerCutUntilMs = Number.NEGATIVE_INFINITY;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #tick: ReturnType<typeof setInterval> | undefined;
  #tellTimer: ReturnType<typeof setTimeout> | undefined;
  #lastTold = '';

  constructor(options: DoorStationOptions) {
    this.#options = options;
    const { name, autoWalk = true, address = DOOR_ADDRESS } = options;
    this.door = new DoorHardware({ name, address, autoWalk, onChange: () => this.#changed() });
    this.#server = new LinkServer(options.place, (link) => this.#attach(link));
  }

  /** Number of the card that lies beside the reader. */
  get card(): string {
    return this.#options.card;
  }

  get faults(): LineFaults {
    return this.#faults;
  }

  /** Resolves with the port of the byte link; rejects when the place is taken. */
  async start(): Promise<number> {
    const port = await this.#server.start();
    this.#tick = setInterval(() => this.#tell(), TICK_MS);
    return port;
  }

  /** Idempotent. */
  async stop(): Promise<void> {
    clearTimeout(this.#timer);
    clearInterval(this.#tick);
    clearTimeout(this.#tellTimer);
    this.#listeners.clear();
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
    this.#schedule();
    return result;
  }

  setFaults(change: Partial<LineFaults>): void {
    this.#faults = { ...this.#faults, ...change };
  }

  /** The board is dead for so long; then it starts as from the box. */
  cutPower(durationMs: number): void {
    this.#powerCutUntilMs = this.#nowMs() + durationMs;
    this.act((door, nowMs) => door.cutPower(nowMs));
  }

  /** Each change from now on. Returns how to stop listening. */
  watch(listener: (state: DoorState) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  #nowMs(): number {
    return this.#options.clock.mono();
  }

  #attach(raw: ByteLink): void {
    const { baud, clock, random = Math.random } = this.#options;
    const wire = baud === undefined ? raw : pacedLink(raw, baud, clock);
    const link = faultyLink(wire, () => this.#faults, random);
    this.#link = link;
    link.onData((bytes) => this.#receive(link, bytes));
    link.onClose(() => {
      if (this.#link === link) {
        this.#link = undefined;
      }
    });
  }

  #receive(link: ByteLink, bytes: Uint8Array): void {
    const nowMs = this.#nowMs();
    if (nowMs < this.#powerCutUntilMs || this.#link !== link) {
      return;
    }
    for (const reply of this.door.receive(bytes, nowMs)) {
      link.write(reply);
    }
    this.#schedule();
  }

  #schedule(): void {
    clearTimeout(this.#timer);
    const nowMs = this.#nowMs();
    const dueMs = this.door.nextDeadlineMs(nowMs);
    if (dueMs !== undefined) {
      this.#timer = setTimeout(() => this.act(() => {}), Math.ceil(dueMs - nowMs));
    }
  }

  #changed(): void {
    this.#tellTimer ??= setTimeout(() => this.#tell(), TELL_INTERVAL_MS);
  }

  #tell(): void {
    clearTimeout(this.#tellTimer);
    this.#tellTimer = undefined;
    const state = this.state();
    const told = JSON.stringify(state);
    if (told !== this.#lastTold) {
      this.#lastTold = told;
      for (const listener of this.#listeners) {
        listener(state);
      }
    }
  }
}
