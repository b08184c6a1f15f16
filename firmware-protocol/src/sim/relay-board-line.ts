import { FUNCTION_CODE } from '../modbus/codes.ts';
import type { ByteLink } from '../transport/link.ts';
import { pacedLink } from '../transport/paced-link.ts';
import type { Clock } from '../units/time.ts';
import { carryFrame, faultsByChance } from './line-faults.ts';

/** What is wrong with the line of a relay board. Rates are per frame and direction, 0 to 1. */
export interface RelayLineFaults {
  readonly drop: number;
  readonly corrupt: number;
  readonly duplicate: number;
  readonly split: number;
  readonly splitGapMs: number;
  readonly delayMs: number;
  /** The board obeys, and what it answers to an order is lost; questions are answered. */
  readonly losesObedience: boolean;
}

const NO_RELAY_FAULTS: RelayLineFaults = {
  drop: 0,
  corrupt: 0,
  duplicate: 0,
  split: 0,
  splitGapMs: 10,
  delayMs: 0,
  losesObedience: false,
};

const ORDERS: ReadonlySet<number | undefined> = new Set([FUNCTION_CODE.writeCoil, FUNCTION_CODE.writeCoils]);

export interface RelayBoardLineOptions {
  readonly clock: Clock;
  /** Paces the line as a half-duplex wire of this speed would. */
  readonly baud: number | undefined;
  /** 0 (in) to 1 (out), for the faults by chance. */
  readonly random: () => number;
  /** Frames from the line, and the answers. */
  readonly onFrame: (bytes: Uint8Array, nowMs: number) => readonly Uint8Array[];
}

/** The line between a master and a relay board, with what is wrong with it. The newest link takes the line over. */
export class RelayBoardLine {
  readonly #options: RelayBoardLineOptions;
  readonly #timers = new Set<ReturnType<typeof setTimeout>>();
  #link: ByteLink | undefined;
  #powerlessUntilMs = Number.NEGATIVE_INFINITY;
  faults: RelayLineFaults = NO_RELAY_FAULTS;

  constructor(options: RelayBoardLineOptions) {
    this.#options = options;
  }

  attach(raw: ByteLink): void {
    const { baud, clock } = this.#options;
    const link = baud === undefined ? raw : pacedLink(raw, baud, clock);
    this.#link = link;
    link.onData((bytes) => this.#carry(bytes, (arrived) => this.#hear(link, arrived)));
  }

  /** The board hears and says nothing for so long. */
  cutPower(durationMs: number): void {
    this.#powerlessUntilMs = this.#options.clock.mono() + durationMs;
  }

  /** Idempotent. */
  stop(): void {
    this.#timers.forEach(clearTimeout);
    this.#timers.clear();
    this.#link?.close();
    this.#link = undefined;
  }

  #hear(link: ByteLink, bytes: Uint8Array): void {
    const nowMs = this.#options.clock.mono();
    if (this.#link !== link || nowMs < this.#powerlessUntilMs) {
      return;
    }
    for (const answer of this.#options.onFrame(bytes, nowMs)) {
      if (!this.faults.losesObedience || !ORDERS.has(answer[1])) {
        this.#carry(answer, (arrived) => link.write(arrived));
      }
    }
  }

  #carry(bytes: Uint8Array, deliver: (bytes: Uint8Array) => void): void {
    const { random } = this.#options;
    const faults = faultsByChance({ ...this.faults, wrongSequence: 0 }, random);
    for (const delivery of carryFrame(bytes, faults, random)) {
      if (delivery.afterMs === 0) {
        deliver(delivery.bytes);
      } else {
        this.#later(delivery.afterMs, () => deliver(delivery.bytes));
      }
    }
  }

  #later(delayMs: number, action: () => void): void {
    const timer = setTimeout(() => {
      this.#timers.delete(timer);
      action();
    }, delayMs);
    this.#timers.add(timer);
  }
}
