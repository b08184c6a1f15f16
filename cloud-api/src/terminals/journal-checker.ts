import { Worker } from 'node:worker_threads';
import { refusal } from '../platform/errors.ts';
import type { CheckAnswer, CheckRequest } from './journal-check-thread.ts';
import type { BatchEncoding, CheckedBatch } from './journal-check.ts';

/** Batches that may wait for the thread; each holds up to a megabyte. */
export const checksWaitingMax = 64;

/** A terminal waits at least so long, and a random part of as much again. */
const retryAfterSeconds = 5;

export const tooManyJournals = () =>
  refusal('too-many-requests', 'too many journals come in at once; try again soon', { retryAfterSeconds });

interface Waiting {
  resolve(checked: CheckedBatch): void;
  reject(error: unknown): void;
}

/**
 * Checks batches on a thread of its own, so that a fleet that comes back with its backlogs leaves the event loop to everybody else.
 * The thread starts with the first batch and does not keep the program alive.
 */
export class JournalChecker {
  readonly #waiting = new Map<number, Waiting>();
  #worker: Worker | undefined;
  #lastId = 0;

  /** Takes `body` over. Rejects with `too-many-requests` when too many batches wait, and with the thread's own error if it ends. */
  check(terminal: string, body: ArrayBuffer, encoding: BatchEncoding): Promise<CheckedBatch> {
    if (this.#waiting.size >= checksWaitingMax) return Promise.reject(tooManyJournals());
    this.#worker ??= this.#start();
    this.#lastId += 1;
    const request: CheckRequest = { id: this.#lastId, terminal, body, encoding };
    const answer = new Promise<CheckedBatch>((resolve, reject) => this.#waiting.set(request.id, { resolve, reject }));
    this.#worker.postMessage(request, [body]);
    return answer;
  }

  async stop(): Promise<void> {
    const worker = this.#worker;
    this.#worker = undefined;
    await worker?.terminate();
  }

  #start(): Worker {
    const worker = new Worker(new URL('./journal-check-thread.ts', import.meta.url));
    worker.on('message', ({ id, checked }: CheckAnswer) => {
      this.#waiting.get(id)?.resolve(checked);
      this.#waiting.delete(id);
    });
    // The next batch starts a new thread; those that waited are sent again by their terminals.
    worker.once('error', (error) => this.#ended(worker, error));
    worker.once('exit', () => this.#ended(worker, new Error('the journal checker ended')));
    // Last, as whoever listens keeps it alive.
    worker.unref();
    return worker;
  }

  #ended(worker: Worker, error: unknown): void {
    if (this.#worker === worker) this.#worker = undefined;
    for (const waiting of this.#waiting.values()) waiting.reject(error);
    this.#waiting.clear();
  }
}
