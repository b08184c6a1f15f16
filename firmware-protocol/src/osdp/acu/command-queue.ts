import { COMMAND_QUEUE_MAX, URGENT_QUEUE_MAX } from '../frame/bus-timing.ts';
import type { Command, Payload } from '../messages/commands.ts';

/** A command on its way to a device. `commandId` is absent on what the panel asks for itself. */
export interface Work {
  readonly command: Command;
  readonly payload: Payload;
  readonly commandId: number | undefined;
  readonly urgent: boolean;
  /** Monotonic; not sent (again) from then on. */
  readonly expiresAtMs: number;
  readonly submittedMs: number;
  /** How often it went out and was refused because the device had lost its place. */
  readonly resent: number;
}

const NONE: readonly Work[] = [];

/** Two bounded queues for one device: what opens a door, and the rest. */
export class CommandQueue {
  readonly #urgent: Work[] = [];
  readonly #ordinary: Work[] = [];

  get hasUrgent(): boolean {
    return this.#urgent.length > 0;
  }

  /** The longest waiting ordinary command. */
  get firstOrdinary(): Work | undefined {
    return this.#ordinary[0];
  }

  get isEmpty(): boolean {
    return this.#urgent.length === 0 && this.#ordinary.length === 0;
  }

  /** False when the queue is full. */
  add(work: Work): boolean {
    const queue = work.urgent ? this.#urgent : this.#ordinary;
    if (queue.length >= (work.urgent ? URGENT_QUEUE_MAX : COMMAND_QUEUE_MAX)) {
      return false;
    }
    queue.push(work);
    return true;
  }

  /** It was taken, and not carried out: it is the next again. */
  putBack(work: Work): void {
    (work.urgent ? this.#urgent : this.#ordinary).unshift(work);
  }

  takeUrgent(): Work | undefined {
    return this.#urgent.shift();
  }

  takeOrdinary(): Work | undefined {
    return this.#ordinary.shift();
  }

  /** Removes and returns what must not be sent any more. */
  takeExpired(nowMs: number): readonly Work[] {
    return this.isEmpty ? NONE : [...removeExpired(this.#urgent, nowMs), ...removeExpired(this.#ordinary, nowMs)];
  }

  takeAll(): Work[] {
    return [...this.#urgent.splice(0), ...this.#ordinary.splice(0)];
  }
}

function removeExpired(queue: Work[], nowMs: number): Work[] {
  if (!queue.some((work) => work.expiresAtMs <= nowMs)) {
    return [];
  }
  const all = queue.splice(0);
  queue.push(...all.filter((work) => work.expiresAtMs > nowMs));
  return all.filter((work) => work.expiresAtMs <= nowMs);
}
