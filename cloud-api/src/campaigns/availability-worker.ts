import { Worker } from 'node:worker_threads';
import { refusal } from '../platform/errors.ts';
import type { AvailabilityAnswers, AvailabilityRequest } from './availability-thread.ts';

/** Questions that may wait; each takes up to a fifth of a second at four thousand communities. */
export const questionsWaitingMax = 100;

export const tooManyQuestions = () =>
  refusal('too-many-requests', 'too many ask what is left; try again soon', { retryAfterSeconds: 2 });

interface Waiting {
  resolve(answer: unknown): void;
  reject(error: unknown): void;
}
interface Told {
  readonly id: number;
  readonly answer?: unknown;
  readonly error?: unknown;
}

/** Threads without a layout that are kept for the next: to start one takes a second, most of it to read the program. */
const idleMax = 1;
const idle: AvailabilityWorker[] = [];

/** A thread that has no layout, a kept one if there is one. */
export const takeWorker = (): AvailabilityWorker => idle.pop() ?? new AvailabilityWorker();

/** Keeps a thread whose layout nobody needs any more, or ends it. */
export async function giveBack(worker: AvailabilityWorker): Promise<void> {
  if (idle.length < idleMax && (await worker.forget())) idle.push(worker);
  else await worker.stop();
}

/**
 * Computes what is left on a thread of its own. It starts with the first question and does not keep the program alive; when it ends, whoever waits is
 * told, and `isLaidOut` is false from then on.
 */
export class AvailabilityWorker {
  readonly #waiting = new Map<number, Waiting>();
  #worker: Worker | undefined;
  #lastId = 0;
  #laidOut = false;

  get isLaidOut(): boolean {
    return this.#laidOut;
  }

  /** Rejects with the thread's own error. Who asks sees to it that few wait. */
  async ask<K extends AvailabilityRequest['ask']>(
    request: AvailabilityRequest & { readonly ask: K },
  ): Promise<AvailabilityAnswers[K]> {
    this.#worker ??= this.#start();
    const id = (this.#lastId += 1);
    const told = new Promise<unknown>((resolve, reject) => this.#waiting.set(id, { resolve, reject }));
    this.#worker.postMessage({ id, request });
    const answer = await told;
    if (request.ask === 'lay-out') this.#laidOut = true;
    // The thread answers what it is asked.
    return answer as AvailabilityAnswers[K];
  }

  /** Frees what it has laid out. False where it cannot be used again: it has failed, or is being asked. */
  async forget(): Promise<boolean> {
    if (!this.#laidOut || this.#waiting.size > 0) return false;
    this.#laidOut = false;
    await this.ask({ ask: 'forget' });
    return true;
  }

  async stop(): Promise<void> {
    const worker = this.#worker;
    this.#worker = undefined;
    this.#laidOut = false;
    await worker?.terminate();
  }

  #start(): Worker {
    const worker = new Worker(new URL('./availability-thread.ts', import.meta.url));
    worker.on('message', ({ id, answer, error }: Told) => {
      const waiting = this.#waiting.get(id);
      this.#waiting.delete(id);
      if (answer === undefined) waiting?.reject(error);
      else waiting?.resolve(answer);
    });
    worker.once('error', (error) => this.#ended(worker, error));
    worker.once('exit', () => this.#ended(worker, new Error('the computation of what is left has ended')));
    // Last, as whoever listens keeps it alive.
    worker.unref();
    return worker;
  }

  #ended(worker: Worker, error: unknown): void {
    if (this.#worker === worker) {
      this.#worker = undefined;
      this.#laidOut = false;
    }
    for (const waiting of this.#waiting.values()) waiting.reject(error);
    this.#waiting.clear();
  }
}
