import { parentPort, workerData } from 'node:worker_threads';
import { invariant } from '@gatecast/firmware-protocol';
import { serveStore } from './store-thread.ts';
import type { StoreJob } from './thread-messages.ts';

/** Entry of the thread that owns the database; started by `store.ts` only. */
invariant(parentPort, 'this file is the entry of a worker thread');
const { file, cap } = workerData as StoreJob;
serveStore(parentPort, file, cap);
