import { wireTimeMs } from '../frame/bus-timing.ts';
import type { ControlPanelOptions, PanelDevice } from './panel-options.ts';
import { ControlPanel } from './control-panel.ts';
import type { SecureOptions } from './channel-options.ts';
import type { ControlPanelEvent } from './panel-events.ts';
import { Peripheral } from '../pd/peripheral.ts';
import type { PeripheralOptions } from '../pd/peripheral.ts';
import type { DeviceIdentity } from '../messages/replies.ts';

const identity: DeviceIdentity = {
  vendor: '474343',
  model: 1,
  version: 1,
  serial: 7,
  firmware: { major: 1, minor: 0, build: 0 },
};

export function doorDevice(address = 0, options: Partial<PeripheralOptions> = {}): Peripheral {
  return new Peripheral({ address, identity, inputs: 3, outputs: 1, readers: 1, onChange: () => {}, ...options });
}

/** What hangs on the line; `receive` returns its replies. */
export interface BusDevice {
  receive(bytes: Uint8Array, nowMs: number): Uint8Array[];
  advance(nowMs: number): void;
  nextDeadlineMs(): number | undefined;
}

/** What the wire held back for so long. */
export interface HeldBack {
  readonly bytes: Uint8Array;
  readonly lateMs: number;
}

/** What the wire does to one transmission: the byte strings that arrive one behind the other, none for a loss. */
export type LineFault = (bytes: Uint8Array) => readonly (Uint8Array | HeldBack)[];

export interface VirtualBusOptions {
  readonly baud?: number;
  readonly devices: readonly PanelDevice[];
  /** Those that are there; a device of the panel that is not here is dead. */
  readonly peripherals: readonly BusDevice[];
  readonly fault?: LineFault;
  /** Time that a device takes to answer. */
  readonly answerMs?: number;
  readonly onEvent?: ControlPanelOptions['onEvent'];
  readonly onLineSpeed?: (baud: number) => void;
  readonly secure?: SecureOptions;
}

const AWAIT_EVERY_MS = 5;

interface Arrival {
  readonly atMs: number;
  readonly bytes: Uint8Array;
  readonly deliver: (bytes: Uint8Array, nowMs: number) => void;
}

/** One RS-485 line in virtual time: a panel at one end, peripherals along it, and what happened with its times. */
export class VirtualBus {
  readonly panel: ControlPanel;
  readonly events: (ControlPanelEvent & { readonly atMs: number })[] = [];
  /** Commands as the wire carried them. */
  readonly sent: { readonly atMs: number; readonly bytes: Uint8Array }[] = [];
  readonly peripherals: BusDevice[];
  nowMs = 0;
  answerMs: number;
  readonly #baud: number;
  fault: LineFault;
  readonly #arrivals: Arrival[] = [];
  readonly #lastArrivalMs = { down: 0, up: 0 };

  constructor({
    baud = 115_200,
    devices,
    peripherals,
    fault = (bytes) => [bytes],
    answerMs = 1,
    onEvent,
    ...rest
  }: VirtualBusOptions) {
    this.#baud = baud;
    this.fault = fault;
    this.answerMs = answerMs;
    this.peripherals = [...peripherals];
    this.panel = new ControlPanel({
      ...rest,
      baud,
      devices,
      onEvent: (event) => {
        this.events.push({ ...event, atMs: this.nowMs });
        onEvent?.(event);
      },
    });
  }

  /** Keys of all keypad events so far, in order. */
  get keys(): string {
    return this.events.map((event) => (event.type === 'keypad' ? event.keys : '')).join('');
  }

  run(durationMs: number): void {
    const endMs = this.nowMs + durationMs;
    this.#step();
    for (let next = this.#nextMs(); next <= endMs; next = this.#nextMs()) {
      this.nowMs = Math.max(this.nowMs, next);
      this.#deliverDue();
      this.#step();
    }
    this.nowMs = endMs;
  }

  /** As `run`, but what a key store promises can come true on the way. */
  async runAwaiting(durationMs: number): Promise<void> {
    const endMs = this.nowMs + durationMs;
    while (this.nowMs < endMs) {
      this.run(Math.min(AWAIT_EVERY_MS, endMs - this.nowMs));
      await new Promise(setImmediate);
    }
  }

  #step(): void {
    for (const peripheral of this.peripherals) {
      peripheral.advance(this.nowMs);
    }
    const bytes = this.panel.nextTransmission(this.nowMs);
    if (bytes !== undefined) {
      this.sent.push({ atMs: this.nowMs, bytes });
      this.#carry(bytes, 'down', 0, (arrived, atMs) => this.#hear(arrived, atMs));
    }
  }

  #hear(bytes: Uint8Array, nowMs: number): void {
    for (const peripheral of this.peripherals) {
      for (const reply of peripheral.receive(bytes, nowMs)) {
        this.#carry(reply, 'up', this.answerMs, (arrived, atMs) => this.panel.receive(arrived, atMs));
      }
    }
  }

  /** What is held back holds back what follows it: adapters and bridges deliver late, and never out of order. */
  #carry(bytes: Uint8Array, way: 'down' | 'up', afterMs: number, deliver: Arrival['deliver']): void {
    let atMs = this.nowMs + afterMs;
    for (const arrived of this.fault(bytes)) {
      const held = arrived instanceof Uint8Array ? { bytes: arrived, lateMs: 0 } : arrived;
      atMs = Math.max(atMs + wireTimeMs(bytes.length, this.#baud) + held.lateMs, this.#lastArrivalMs[way]);
      this.#lastArrivalMs[way] = atMs;
      this.#arrivals.push({ atMs, bytes: held.bytes, deliver });
    }
  }

  #deliverDue(): void {
    const due = this.#arrivals.filter(({ atMs }) => atMs <= this.nowMs);
    for (const arrival of due) {
      this.#arrivals.splice(this.#arrivals.indexOf(arrival), 1);
      arrival.deliver(arrival.bytes, this.nowMs);
    }
  }

  #nextMs(): number {
    const times = [
      this.panel.nextDeadlineMs() ?? Number.POSITIVE_INFINITY,
      ...this.#arrivals.map(({ atMs }) => atMs),
      ...this.peripherals.map((peripheral) => peripheral.nextDeadlineMs() ?? Number.POSITIVE_INFINITY),
    ];
    return Math.min(...times);
  }
}

/** Small seeded generator (mulberry32), so that a failing line can be run again. */
export function seededRandom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}
