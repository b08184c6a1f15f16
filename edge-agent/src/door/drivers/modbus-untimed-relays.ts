import {
  switchRelay,
  switchRelays,
  type Clock,
  type ModbusOutcome,
  type ModbusRequest,
  type RequestOptions,
} from '@gatecast/firmware-protocol';
import type { Obeyed } from '../door-controller.ts';
import type { BoardRelays, SendToBoard } from './modbus-relays.ts';
import { obeyedOf } from './obeyed.ts';

/** Before a relay that did not confirm is switched off once more. */
const offAgainMs = 200;

/**
 * A plain board, whose relays this program switches on and off. Until it does, nobody else would: off is repeated until it is confirmed, or until the board
 * is gone, which is switched off as a whole when it comes back.
 */
export class UntimedRelays implements BoardRelays {
  readonly #send: SendToBoard;
  readonly #clock: Clock;
  /** Monotonic ms at which a relay that is on has to fall off. */
  readonly #untilMono = new Map<number, number>();
  /** Orders to switch on that have no answer yet, by relay. */
  readonly #switchingOn = new Map<number, number>();
  /** Orders to fall off that have no answer yet. */
  readonly #switchingOff = new Set<Promise<Obeyed>>();
  #timer: NodeJS.Timeout | undefined;
  readonly #offTimers = new Set<NodeJS.Timeout>();
  #isStopped = false;

  constructor(send: SendToBoard, clock: Clock) {
    this.#send = send;
    this.#clock = clock;
  }

  async pulse(relays: readonly number[], durationMs: number, options: RequestOptions): Promise<Obeyed> {
    this.#countSwitchingOn(relays, 1);
    const obeyed = obeyedOf(await this.#send(this.#image(relays, true), options));
    this.#countSwitchingOn(relays, -1);
    const untilMono = this.#clock.mono() + durationMs;
    if (obeyed !== 'no') {
      for (const relay of relays) this.#untilMono.set(relay, Math.max(untilMono, this.#untilMono.get(relay) ?? 0));
    }
    this.#schedule();
    return obeyed;
  }

  secure(relay: number): Promise<Obeyed> {
    return this.#switchOff([relay]);
  }

  /** All of it was switched off just now. */
  cameUp(): void {
    this.#untilMono.clear();
    this.#clearTimers();
  }

  async stop(): Promise<void> {
    this.#isStopped = true;
    this.#clearTimers();
    const on = new Set([...this.#untilMono.keys(), ...this.#switchingOn.keys()]);
    if (on.size > 0) void this.#switchOff([...on]);
    await Promise.all(this.#switchingOff);
  }

  #countSwitchingOn(relays: readonly number[], change: 1 | -1): void {
    for (const relay of relays) {
      const count = (this.#switchingOn.get(relay) ?? 0) + change;
      if (count === 0) this.#switchingOn.delete(relay);
      else this.#switchingOn.set(relay, count);
    }
  }

  /** One frame that switches these relays, and leaves those between them as they are. */
  #image(relays: readonly number[], isOn: boolean): ModbusRequest {
    const first = Math.min(...relays);
    if (relays.length === 1) return switchRelay(first, isOn);
    const isWanted = (relay: number) => (relays.includes(relay) ? isOn : this.#untilMono.has(relay));
    const values = Array.from({ length: 1 + Math.max(...relays) - first }, (_, index) => isWanted(first + index));
    return switchRelays(first, values);
  }

  /** A relay that is being switched on again is looked at when that has ended. */
  #pulses(): [relay: number, untilMono: number][] {
    return [...this.#untilMono].filter(([relay]) => !this.#switchingOn.has(relay));
  }

  #schedule(): void {
    clearTimeout(this.#timer);
    const nextMono = Math.min(...this.#pulses().map(([, untilMono]) => untilMono));
    if (this.#isStopped || nextMono === Number.POSITIVE_INFINITY) return;
    this.#timer = setTimeout(() => this.#endPulses(), Math.ceil(nextMono - this.#clock.mono()));
  }

  #endPulses(): void {
    const nowMono = this.#clock.mono();
    const ended = this.#pulses().filter(([, untilMono]) => untilMono <= nowMono);
    if (ended.length > 0) void this.#switchOff(ended.map(([relay]) => relay));
    this.#schedule();
  }

  #switchOff(relays: readonly number[]): Promise<Obeyed> {
    for (const relay of relays) this.#untilMono.delete(relay);
    const order = this.#sendOff(relays).finally(() => this.#switchingOff.delete(order));
    this.#switchingOff.add(order);
    return order;
  }

  async #sendOff(relays: readonly number[]): Promise<Obeyed> {
    const outcome = await this.#send(this.#image(relays, false), { urgent: true });
    if (!outcome.ok && !isGone(outcome) && !this.#isStopped) this.#switchOffAgain(relays);
    return obeyedOf(outcome);
  }

  #switchOffAgain(relays: readonly number[]): void {
    const timer = setTimeout(() => {
      this.#offTimers.delete(timer);
      const stillOff = relays.filter((relay) => !this.#untilMono.has(relay) && !this.#switchingOn.has(relay));
      if (stillOff.length > 0) void this.#switchOff(stillOff);
    }, offAgainMs);
    this.#offTimers.add(timer);
  }

  #clearTimers(): void {
    clearTimeout(this.#timer);
    for (const timer of this.#offTimers) clearTimeout(timer);
    this.#offTimers.clear();
  }
}

/** A board that is offline is switched off as a whole when it comes back. */
const isGone = (outcome: ModbusOutcome) =>
  !outcome.ok && (outcome.reason === 'offline' || outcome.reason === 'removed');
