import type { WireSecurity } from '@gatecast/firmware-protocol/messages';
import type { Obeyed } from './door-controller.ts';
import type { HardwareListeners } from './hardware-listeners.ts';
import type { DoorHardware } from './hardware.ts';

/** One order to the hardware, as a test reads it. */
export type Order =
  | { readonly order: 'open'; readonly pulseMs: number; readonly notAfterMono: number | undefined }
  | { readonly order: 'hold' | 'release' | 'call' }
  | { readonly order: 'floors'; readonly floors: readonly number[] | 'all' }
  | { readonly order: 'feedback' | 'mode'; readonly shown: string }
  | { readonly order: 'pair' | 'rotate' };

/** Hardware that does what a test says and notes what it was told: for rules that are seen in the orders, not on a wire. */
export class NotingHardware {
  readonly orders: Order[] = [];
  online = true;
  obeyed: Obeyed = 'yes';
  /** Whether the entrance has an OSDP device that could be paired. */
  canPair = true;
  wire: WireSecurity = 'plain';
  /** How the hardware tells what happens; there once the doors were configured. */
  tell: HardwareListeners = { onHardware: () => {}, onReader: () => {} };
  readonly #onOrder: (order: Order) => void;

  constructor(onOrder: (order: Order) => void = () => {}) {
    this.#onOrder = onOrder;
  }

  attach(listeners: HardwareListeners): DoorHardware {
    this.tell = listeners;
    const status = { released: null, open: null, fire: null, tampered: null };
    const ignore = () => {};
    return {
      start: ignore,
      stop: ignore,
      doors: {
        start: ignore,
        stop: ignore,
        open: (_entrance, pulseMs, notAfterMono) => this.#obey({ order: 'open', pulseMs, notAfterMono }),
        hold: () => this.#obey({ order: 'hold' }),
        release: () => this.#obey({ order: 'release' }),
        status: () => status,
        health: () => ({ online: this.online, answeredAt: null, roundTripMs: null, answers: 0, timeouts: 0 }),
      },
      lifts: {
        call: () => this.#obey({ order: 'call' }),
        releaseFloors: (_entrance, floors) => this.#obey({ order: 'floors', floors }),
      },
      readers: {
        feedback: (_entrance, shown) => this.#note({ order: 'feedback', shown }),
        showMode: (_entrance, shown) => this.#note({ order: 'mode', shown }),
        wires: () => [{ address: 0, wire: this.wire }],
        pair: () => this.#noteIf(this.canPair, { order: 'pair' }),
        rotateKeys: () => this.#noteIf(this.canPair, { order: 'rotate' }),
      },
    };
  }

  async #obey(order: Order): Promise<Obeyed> {
    this.#note(order);
    return this.obeyed;
  }

  #noteIf(can: boolean, order: Order): boolean {
    if (can) this.#note(order);
    return can;
  }

  #note(order: Order): void {
    this.orders.push(order);
    this.#onOrder(order);
  }
}
