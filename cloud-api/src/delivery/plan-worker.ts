import { once } from 'node:events';
import { setImmediate as breathe } from 'node:timers/promises';
import { Worker } from 'node:worker_threads';
import type { PlanAnswer, PlanQuestion } from './plan-cells.ts';

/** Line items that are copied to the thread in one turn of the event loop. */
const linesPerTurn = 500;

/** Plans on a thread of its own, which ends with its answer. Rejects with the thread's error, or the signal's reason. */
export async function planOnThread({ wanted, ...rest }: PlanQuestion, signal: AbortSignal): Promise<PlanAnswer> {
  signal.throwIfAborted();
  const workerData = { ...rest, lines: wanted.length };
  const worker = new Worker(new URL('./plan-thread.ts', import.meta.url), { workerData });
  worker.unref();
  try {
    // `once` rejects when the thread fails.
    const answered = once(worker, 'message', { signal }) as Promise<[PlanAnswer]>;
    const [[answer]] = await Promise.all([answered, send(worker, wanted)]);
    return answer;
  } finally {
    await worker.terminate();
  }
}

async function send(worker: Worker, wanted: PlanQuestion['wanted']): Promise<void> {
  for (let i = 0; i < wanted.length; i += linesPerTurn) {
    worker.postMessage(wanted.slice(i, i + linesPerTurn));
    await breathe();
  }
}
