import type { Reply } from '../messages/replies.ts';

/** Keys, cards and state reports that wait for a poll. A device without a panel forgets nothing up to here, and then refuses. */
const DEVICE_EVENTS_MAX = 64;

type StateReport = Extract<Reply, { kind: 'istatr' | 'ostatr' }>;

/** Bounded queue of what a device answers to POLL. */
export class DeviceEvents {
  readonly #waiting: Reply[] = [];
  #lateInputs: StateReport | undefined;
  #lateOutputs: StateReport | undefined;

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
    if (this.add(report)) {
      return;
    }
    if (report.kind === 'istatr') {
      this.#lateInputs = report;
    } else {
      this.#lateOutputs = report;
    }
  }

  take(): Reply | undefined {
    const next = this.#waiting.shift() ?? this.#lateInputs ?? this.#lateOutputs;
    if (next !== undefined && next === this.#lateInputs) {
      this.#lateInputs = undefined;
    } else if (next !== undefined && next === this.#lateOutputs) {
      this.#lateOutputs = undefined;
    }
    return next;
  }

  /** Power was cut. */
  clear(): void {
    this.#waiting.length = 0;
    this.#lateInputs = undefined;
    this.#lateOutputs = undefined;
  }
}
