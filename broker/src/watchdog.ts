import { Worker } from 'node:worker_threads';
import { milliseconds, type DurationMs } from '@gatecast/firmware-protocol';

/** How often the loop says that it turns, and how often a second thread looks. */
export const watchdogBeatMs = milliseconds(500);

/**
 * Ends the program when its event loop has not turned for `hangMs`: terminals then find a fresh broker, and a hung one would hold their lines
 * open for ever. A thread of its own watches, as nothing on a hung loop runs.
 */
export class Watchdog {
  readonly #hangMs: DurationMs;
  readonly #beats = new Int32Array(new SharedArrayBuffer(4));
  #beating: NodeJS.Timeout | undefined;
  #thread: Worker | undefined;

  constructor(hangMs: DurationMs) {
    this.#hangMs = hangMs;
  }

  start(): void {
    this.#beating = setInterval(() => Atomics.add(this.#beats, 0, 1), watchdogBeatMs);
    this.#thread = new Worker(new URL('./watchdog-thread.js', import.meta.url), {
      workerData: { beats: this.#beats, looksMax: Math.ceil(this.#hangMs / watchdogBeatMs), everyMs: watchdogBeatMs },
      execArgv: [], // the thread needs none of the program's own switches
      resourceLimits: { maxOldGenerationSizeMb: 16 },
    });
    this.#thread.unref();
  }

  async stop(): Promise<void> {
    clearInterval(this.#beating);
    await this.#thread?.terminate();
    this.#thread = undefined;
  }
}
