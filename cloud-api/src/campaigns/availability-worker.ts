import { Worker } from 'node:worker_threads';
import { refusal } from '../platform/errors.ts';
import type { AvailabilityAnswer, AvailabilityRequest } from './availability-thread.ts';

/** Questions that may wait; each takes up to a fifth of a second at four thousand communities. */
export const questionsWaitingMax = 100;

export const tooManyQuestions = () =>
  refusal('too-many-requests', 'too many ask what is left; try again soon', { retryAfterSeconds: 2 });

interface Waiting {
  resolve(answer: AvailabilityAnswer): void;
  reject(error: unknown): void;
}
interface Told {
  readonly id: number;
  readonly answer?: AvailabilityAnswer;
  readonly error?: unknown;
}

/**
 * Computes what is left on a thread of its own. It starts with the first question and does not keep the program alive; when it ends, whoever waits is
 * told, and `isLoaded` is false until it has been loaded again.
 */
export class AvailabilityWorker {
  readonly #waiting = new Map<number, Waiting>();
  #worker: Worker | undefined;
  #lastId = 0;
  #loaded = false;

  get isLoaded(): boolean {
    return this.#loaded;
  }

  /** Rejects with the thread's own error. Who asks sees to it that few wait. */
  async ask(request: AvailabilityRequest): Promise<AvailabilityAnswer> {
    this.#worker ??= this.#start();
    const id = (this.#lastId += 1);
    const told = new Promise<AvailabilityAnswer>((resolve, reject) => this.#waiting.set(id, { resolve, reject }));
    this.#worker.postMessage({ id, request });
    const answer = await told;
    if (request.ask === 'load') this.#loaded = true;
    return answer;
  }

  async stop(): Promise<void> {
    const worker = this.#worker;
    this.#worker = undefined;
    this.#loaded = false;
    await worker?.terminate();
  }

  #start(): Worker {
    const worker = new Worker(new URL('./availability-thread.ts', import.meta.url));
    worker.unref();
    worker.on('message', ({ id, answer, error }: Told) => {
      const waiting = this.#waiting.get(id);
      this.#waiting.delete(id);
      if (answer) waiting?.resolve(answer);
      else waiting?.reject(error);
    });
    worker.once('error', (error) => this.#ended(worker, error));
    worker.once('exit', () => this.#ended(worker, new Error('the computation of what is left has ended')));
    return worker;
  }

  #ended(worker: Worker, error: unknown): void {
    if (this.#worker === worker) {
      this.#worker = undefined;
      this.#loaded = false;
    }
    for (const waiting of this.#waiting.values()) waiting.reject(error);
    this.#waiting.clear();
  }
}
