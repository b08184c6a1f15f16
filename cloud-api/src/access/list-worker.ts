import { Worker } from 'node:worker_threads';
import { invariant } from '@gatecast/firmware-protocol';
import type { CommunityPart, MadeList, TerminalPart } from './list-maker.ts';
import type { ListedText } from './list-text.ts';
import type { ListAnswer, ListRequest } from './list-thread.ts';

const memoryMbMax = 512;

/**
 * Makes lists on a thread of its own, for one community at a time. The thread starts with the first page and does not keep the program alive.
 * `make` rejects with the thread's own error if it ends; the next page starts a new one.
 */
export class ListWorker {
  #worker: Worker | undefined;
  #added = 0;
  #waiting: { resolve(lists: readonly MadeList[]): void; reject(error: unknown): void } | undefined;

  /** Adds credentials to those that the next `make` is about. */
  add(texts: readonly ListedText[]): void {
    this.#added += texts.length;
    this.#post({ job: 'page', texts });
  }

  make(community: CommunityPart, terminals: readonly TerminalPart[]): Promise<readonly MadeList[]> {
    invariant(!this.#waiting, 'lists are made for one community at a time');
    return new Promise((resolve, reject) => {
      this.#waiting = { resolve, reject };
      this.#post({ job: 'make', count: this.#added, community, terminals });
      this.#added = 0;
    });
  }

  /** Lets go of what was added, of which no lists will be made. */
  forget(): void {
    this.#added = 0;
    if (this.#worker) this.#post({ job: 'forget' });
  }

  async stop(): Promise<void> {
    const worker = this.#worker;
    this.#worker = undefined;
    await worker?.terminate();
  }

  #post(request: ListRequest): void {
    this.#worker ??= this.#start();
    this.#worker.postMessage(request);
  }

  #start(): Worker {
    const worker = new Worker(new URL('./list-thread.ts', import.meta.url), {
      resourceLimits: { maxOldGenerationSizeMb: memoryMbMax },
    });
    worker.on('message', ({ lists }: ListAnswer) => this.#settle()?.resolve(lists));
    worker.once('error', (error) => this.#ended(worker, error));
    worker.once('exit', () => this.#ended(worker, new Error('the thread that makes lists has ended')));
    // Last, as whoever listens keeps it alive.
    worker.unref();
    return worker;
  }

  #settle() {
    const waiting = this.#waiting;
    this.#waiting = undefined;
    return waiting;
  }

  #ended(worker: Worker, error: unknown): void {
    if (this.#worker === worker) this.#worker = undefined;
    this.#settle()?.reject(error);
  }
}
