import { flashOn, switchRelay, type ModbusLine, type RequestOptions } from '@gatecast/firmware-protocol';
import type { Obeyed } from '../door-controller.ts';
import { obeyedOf, worst } from './obeyed.ts';

/** The relays of one board, and who times their pulses. */
export interface BoardRelays {
  /** Switches relays on for so long from now. The first order to leave a free line is the order of `urgent`. */
  pulse(relays: readonly number[], durationMs: number, options: RequestOptions): Promise<Obeyed>;
  /** The relay falls off now. */
  secure(relay: number): Promise<Obeyed>;
  /** The board has come up, after a start or after a time without it. */
  cameUp(): void;
  /** Resolves when nothing is on any more that only this program would switch off, or when that cannot be said. */
  stop(): Promise<void>;
}

/** The line to one board. */
export type SendToBoard = (
  request: Parameters<ModbusLine['send']>[1],
  options?: RequestOptions,
) => ReturnType<ModbusLine['send']>;

/** A board that times each pulse by itself (flash-on). A crash of this program leaves no lock released. */
export class TimedRelays implements BoardRelays {
  readonly #send: SendToBoard;

  constructor(send: SendToBoard) {
    this.#send = send;
  }

  async pulse(relays: readonly number[], durationMs: number, options: RequestOptions): Promise<Obeyed> {
    const orders = relays.map(async (relay) => obeyedOf(await this.#send(flashOn(relay, durationMs), options)));
    return worst(await Promise.all(orders));
  }

  async secure(relay: number): Promise<Obeyed> {
    return obeyedOf(await this.#send(switchRelay(relay, false), { urgent: true }));
  }

  cameUp(): void {
    // It kept its own time.
  }

  async stop(): Promise<void> {
    // It goes on keeping it.
  }
}
