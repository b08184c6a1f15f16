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
import { obeyedOf, worst } from './obeyed.ts';

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
  /** Relays that have not confirmed that they fell off, and when they are told again. */
  readonly #offAgainMono = new Map<number, number>();
  /** Orders to switch on that have no answer yet, by relay. */
  readonly #switchingOn = new Map<number, number>();
  /** Orders to fall off that have no answer yet. */
  readonly #switchingOff = new Set<Promise<Obeyed>>();
  #timer: NodeJS.Timeout | undefined;
  #isStopped = false;

  constructor(send: SendToBoard, clock: Clock) {
    this.#send = send;
    this.#clock = clock;
  }

  async pulse(relays: readonly number[], durationMs: number, options: RequestOptions): Promise<Obeyed> {
    this.#countSwitchingOn(relays, 1);
    const outcomes = await Promise.all(switching(relays, true).map((request) => this.#send(request, options)));
    const obeyed = worst(outcomes.map(obeyedOf));
    this.#countSwitchingOn(relays, -1);
    const untilMono = this.#clock.mono() + durationMs;
    if (obeyed !== 'no') {
      for (const relay of relays) {
        this.#untilMono.set(relay, Math.max(untilMono, this.#untilMono.get(relay) ?? 0));
        this.#offAgainMono.delete(relay);
      }
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
    this.#offAgainMono.clear();
    this.#schedule();
  }

  async stop(): Promise<void> {
    this.#isStopped = true;
    clearTimeout(this.#timer);
    const on = new Set([...this.#untilMono.keys(), ...this.#offAgainMono.keys(), ...this.#switchingOn.keys()]);
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

  /** Relays that have to fall off, and when; one that is being switched on again is looked at when that has ended. */
  #due(): [relay: number, mono: number][] {
    return [...this.#untilMono, ...this.#offAgainMono].filter(([relay]) => !this.#switchingOn.has(relay));
  }

  #schedule(): void {
    clearTimeout(this.#timer);
    const nextMono = Math.min(...this.#due().map(([, mono]) => mono));
    if (this.#isStopped || nextMono === Number.POSITIVE_INFINITY) return;
    this.#timer = setTimeout(() => this.#endPulses(), Math.ceil(nextMono - this.#clock.mono()));
  }

  #endPulses(): void {
    const nowMono = this.#clock.mono();
    const ended = this.#due().filter(([, mono]) => mono <= nowMono);
    if (ended.length > 0) void this.#switchOff(ended.map(([relay]) => relay));
    this.#schedule();
  }

  #switchOff(relays: readonly number[]): Promise<Obeyed> {
    for (const relay of relays) {
      this.#untilMono.delete(relay);
      this.#offAgainMono.delete(relay);
    }
    const order = this.#sendOff(relays).finally(() => this.#switchingOff.delete(order));
    this.#switchingOff.add(order);
    return order;
  }

  async #sendOff(relays: readonly number[]): Promise<Obeyed> {
    const outcomes = await Promise.all(
      switching(relays, false).map((request) => this.#send(request, { urgent: true })),
    );
    const isOpen = outcomes.some((outcome) => !outcome.ok && !isGone(outcome));
    if (isOpen && !this.#isStopped) this.#tellAgain(relays);
    return worst(outcomes.map(obeyedOf));
  }

  #tellAgain(relays: readonly number[]): void {
    const againMono = this.#clock.mono() + offAgainMs;
    for (const relay of relays) {
      if (!this.#untilMono.has(relay)) this.#offAgainMono.set(relay, againMono);
    }
    this.#schedule();
  }
}

/** A board that is offline is switched off as a whole when it comes back. */
const isGone = (outcome: ModbusOutcome) =>
  !outcome.ok && (outcome.reason === 'offline' || outcome.reason === 'removed');

/** As few frames as switch these relays and touch no other: neighbours go into one. */
function switching(relays: readonly number[], isOn: boolean): ModbusRequest[] {
  const runs: number[][] = [];
  for (const relay of relays.toSorted((one, other) => one - other)) {
    const run = runs.at(-1);
    if (run?.at(-1) === relay - 1) run.push(relay);
    else runs.push([relay]);
  }
  return runs.map(([first = 0, ...rest]) =>
    rest.length === 0 ? switchRelay(first, isOn) : switchRelays(first, [isOn, ...rest.map(() => isOn)]),
  );
}
