import { parentPort, workerData } from 'node:worker_threads';
import { invariant } from '@gatecast/firmware-protocol';
import { transferable } from '../door/list-index.ts';
import { checkDocument, type CheckJob } from './document-check.ts';

/** Entry of a thread that checks one document; started by `document-checker.ts` only. */
invariant(parentPort, 'this file is the entry of a worker thread');
const result = checkDocument(workerData as CheckJob);
const list = result.ok && result.value.kind === 'access' ? transferable(result.value.body) : [];
parentPort.postMessage(result, result.ok ? [result.text, ...list] : []);
