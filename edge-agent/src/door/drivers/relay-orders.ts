import type { Clock } from '@gatecast/firmware-protocol';
import type { HardwareHealth, Obeyed } from '../door-controller.ts';
import type { RelayConnection } from './relay-connection.ts';

export interface RelayOrdersParts {
  readonly commandTopic: string;
  readonly clock: Clock;
  readonly connection: Pick<RelayConnection, 'publish' | 'reset'>;
  /** The relay has not confirmed an order in time. `isStray`: nor had the broker taken it, so that it may still arrive. */
  readonly onUnanswered: (isStray: boolean) => void;
}

interface OpenOrder {
  readonly confirmedBy: string;
  readonly sentMono: number;
  readonly timer: NodeJS.Timeout;
  readonly settle: (obeyed: Obeyed) => void;
}

/** Orders that may wait for one relay's confirmation. */
const ordersMax = 8;

/** Orders to one relay that it has not confirmed yet. */
export class RelayOrders {
  readonly #parts: RelayOrdersParts;
  readonly #open = new Set<OpenOrder>();
  #roundTripMs: HardwareHealth['roundTripMs'] = null;
  #answers = 0;
  #timeouts = 0;

  constructor(parts: RelayOrdersParts) {
    this.#parts = parts;
  }

  get isFull(): boolean {
    return this.#open.size >= ordersMax;
  }

  get answers(): Pick<HardwareHealth, 'roundTripMs' | 'answers' | 'timeouts'> {
    return { roundTripMs: this.#roundTripMs, answers: this.#answers, timeouts: this.#timeouts };
  }

  /** `yes` when the relay says `confirmedBy` before the deadline, `no` when the order could not leave. */
  send(payload: string, confirmedBy: string, deadlineMono: number): Promise<Obeyed> {
    const { clock, commandTopic, connection } = this.#parts;
    const sentMono = clock.mono();
    return new Promise((resolve) => {
      let isTaken = false;
      const giveUp = () => {
        order.settle('maybe');
        this.#timeouts += 1;
        this.#parts.onUnanswered(!isTaken);
        if (!isTaken) connection.reset();
      };
      const settle = (obeyed: Obeyed) => {
        clearTimeout(order.timer);
        this.#open.delete(order);
        resolve(obeyed);
      };
      const order: OpenOrder = { confirmedBy, sentMono, timer: setTimeout(giveUp, deadlineMono - sentMono), settle };
      this.#open.add(order);
      const isSent = connection.publish(commandTopic, payload, () => {
        isTaken = true;
      });
      if (!isSent) settle('no');
    });
  }

  /** The relay says now how it stands. */
  confirm(state: string): void {
    for (const order of this.#open) {
      if (order.confirmedBy !== state) continue;
      const last = this.#parts.clock.mono() - order.sentMono;
      this.#roundTripMs = { last, max: Math.max(last, this.#roundTripMs?.max ?? 0) };
      this.#answers += 1;
      order.settle('yes');
    }
  }

  /** No answer will come any more. */
  end(): void {
    for (const order of this.#open) order.settle('maybe');
  }
}
