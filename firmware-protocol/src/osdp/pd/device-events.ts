import type { Reply } from '../messages/replies.ts';

/** Keys, cards and state reports that wait for a poll. A device without a panel forgets nothing up to here, and then refuses. */
const DEVICE_EVENTS_MAX = 64;

export type StateReport = Extract<Reply, { kind: 'lstatr' | 'istatr' | 'ostatr' | 'rstatr' }>;

/** Bounded queue of what a device answers to POLL. */
export class DeviceEvents {
  readonly #waiting: Reply[] = [];
  /** The newest report of each kind that found the queue full. */
  readonly #late = new Map<StateReport['kind'], StateReport>();

  /** False when the queue is full. */
  add(reply: Reply): boolean {
    if (this.#waiting.length >= DEVICE_EVENTS_MAX) {
      return false;
    }
    this.#waiting.push(reply);
    return true;
  }

  /** Never refused: when the queue is full, only the newest state is kept and reported last. */
  addState(report: StateReport): void {
    if (this.#late.has(report.kind) || !this.add(report)) {
      this.#late.set(report.kind, report);
    }
  }

  take(): Reply | undefined {
    return this.#waiting.length > 0 || this.#late.size === 0 ? this.#waiting.shift() : this.#takeLate();
  }

  /** Power was cut. */
  clear(): void {
    this.#waiting.length = 0;
    this.#late.clear();
  }

  #takeLate(): StateReport | undefined {
    const [report] = this.#late.values();
    if (report !== undefined) {
      this.#late.delete(report.kind);
    }
    return report;
  }
}
