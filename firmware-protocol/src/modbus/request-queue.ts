import { UNIT_QUEUE_MAX } from './rtu-timing.ts';
import type { ModbusRequest } from './requests.ts';

/** A request on its way to a unit. */
export interface Order {
  readonly request: ModbusRequest;
  readonly requestId: number;
  readonly urgent: boolean;
  /** Monotonic; not sent (again) from then on. */
  readonly expiresAtMs: number;
  readonly submittedMs: number;
  tries: number;
  busyReplies: number;
}

const NONE: readonly Order[] = [];

/** What waits for one unit, bounded: what opens a door before the rest, otherwise in the order in which it came. */
export class RequestQueue {
  #orders: Order[] = [];

  get isEmpty(): boolean {
    return this.#orders.length === 0;
  }

  /** The next to go out. */
  get first(): Order | undefined {
    return this.#orders[0];
  }

  /** False when the queue is full. */
  add(order: Order): boolean {
    if (this.#orders.length >= UNIT_QUEUE_MAX) {
      return false;
    }
    this.#orders.splice(order.urgent ? this.#firstOrdinary() : this.#orders.length, 0, order);
    return true;
  }

  /** An order that was taken and has to go out again: the first of its kind. */
  putBack(order: Order): void {
    this.#orders.splice(order.urgent ? 0 : this.#firstOrdinary(), 0, order);
  }

  take(): Order | undefined {
    return this.#orders.shift();
  }

  /** Removes and returns what must not be sent any more. */
  takeExpired(nowMs: number): readonly Order[] {
    if (!this.#orders.some(({ expiresAtMs }) => expiresAtMs <= nowMs)) {
      return NONE;
    }
    const all = this.takeAll();
    this.#orders = all.filter(({ expiresAtMs }) => expiresAtMs > nowMs);
    return all.filter(({ expiresAtMs }) => expiresAtMs <= nowMs);
  }

  takeAll(): Order[] {
    return this.#orders.splice(0);
  }

  #firstOrdinary(): number {
    const at = this.#orders.findIndex(({ urgent }) => !urgent);
    return at === -1 ? this.#orders.length : at;
  }
}
