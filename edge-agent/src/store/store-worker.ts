import { parentPort, workerData } from 'node:worker_threads';
import { invariant } from '@gatecast/firmware-protocol';
import { checkDocument, type CheckResult } from './document-check.ts';
import { transferable } from '../door/list-index.ts';
import { serveStore } from './store-thread.ts';
import type { ThreadJob } from './thread-messages.ts';

/** Entry of the agent's worker threads. What they are started with is made by `store.ts` and `document-checker.ts` only. */
invariant(parentPort, 'this file is the entry of a worker thread');
const job = workerData as ThreadJob;

if (job.job === 'store') serveStore(parentPort, job.file, job.cap);
else answer(checkDocument(job));

function answer(result: CheckResult): void {
  const list = result.ok && result.value.kind === 'access' ? transferable(result.value.body) : [];
  parentPort?.postMessage(result, result.ok ? [result.text, ...list] : []);
}
