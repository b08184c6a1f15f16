import type { InstantMs } from '@gatecast/firmware-protocol';
import { on } from 'node:events';
import { Worker } from 'node:worker_threads';
import type { Holdouts } from '../lift/holdouts.ts';
import type { Store } from '../platform/db/store.ts';
import type { Difference } from './differences.ts';
import type { PlanFacts } from './made-plan.ts';

export interface PlanTask {
  readonly databaseUrl: string;
  readonly now: InstantMs;
}

/** In this order: keys that it needs, the plan's facts, what it changes, the end. */
export type ToldByThread =
  | { readonly kind: 'key'; readonly campaignId: string }
  | { readonly kind: 'made'; readonly facts: PlanFacts }
  | { readonly kind: 'write'; readonly some: readonly Difference[] }
  | { readonly kind: 'end' };

export type ToldToThread =
  | { readonly kind: 'plan'; readonly task: PlanTask }
  | { readonly kind: 'key'; readonly key: string }
  | { readonly kind: 'go-on' };

/** A thread that has ended its plan is kept for the next: to start one takes a second, most of it to read the program. */
const idleMax = 1;
const idle = new Set<Worker>();

function takeThread(): Worker {
  for (const worker of idle) {
    idle.delete(worker);
    return worker;
  }
  const worker = new Worker(new URL('./plan-thread.ts', import.meta.url));
  // Whoever waits for it hears of both.
  worker.on('error', () => undefined);
  worker.on('exit', () => void idle.delete(worker));
  worker.unref();
  return worker;
}

/**
 * Makes a plan on a thread of its own, which reads the database for itself. What the plan changes comes as it is asked for, as much at a
 * time as one transaction writes. Rejects with the thread's error, or once the signal aborts.
 */
export async function planOnThread<R>(
  { read, url }: Pick<Store, 'read' | 'url'>,
  holdouts: Pick<Holdouts, 'keyOf'>,
  { now, signal }: { readonly now: InstantMs; readonly signal: AbortSignal },
  write: (facts: PlanFacts, differences: AsyncIterable<readonly Difference[]>) => Promise<R>,
): Promise<R> {
  signal.throwIfAborted();
  const worker = takeThread();
  const tell = (told: ToldToThread): void => worker.postMessage(told);
  // It rejects when the thread fails.
  const heard = on(worker, 'message', { signal, close: ['exit'] }) as AsyncIterator<[ToldByThread], undefined>;
  const hear = async (): Promise<ToldByThread> => {
    const { value } = await heard.next();
    if (!value) throw new Error('the thread ended before its plan was whole');
    return value[0];
  };
  const facts = async (): Promise<PlanFacts> => {
    for (;;) {
      const told = await hear();
      if (told.kind === 'made') return told.facts;
      if (told.kind !== 'key') throw new Error('a thread tells of a plan first');
      tell({ kind: 'key', key: await holdouts.keyOf(read, told.campaignId) });
    }
  };
  let isWhole = false;
  const differences = async function* (): AsyncGenerator<readonly Difference[]> {
    for (let told = await hear(); told.kind === 'write'; told = await hear()) {
      tell({ kind: 'go-on' });
      yield told.some;
    }
    isWhole = true;
  };
  try {
    tell({ kind: 'plan', task: { databaseUrl: url, now } });
    return await write(await facts(), differences());
  } finally {
    await heard.return?.();
    if (isWhole && idle.size < idleMax) idle.add(worker);
    else await worker.terminate();
  }
}
