import { Worker } from 'node:worker_threads';
import type { CheckJob, CheckResult } from './document-check.ts';
import { documentWorker } from './worker-entry.ts';

const memoryMbMax = 256;

/** Checks one document in a thread of its own, so that neither the door nor a commit waits for a long list. */
export function checkOffLoop(job: CheckJob): Promise<CheckResult> {
  return new Promise((resolve, reject) => {
    const worker = new Worker(documentWorker, {
      workerData: job,
      transferList: job.base ? [job.bytes, job.base.text] : [job.bytes],
      resourceLimits: { maxOldGenerationSizeMb: memoryMbMax },
    });
    worker.once('message', resolve);
    worker.once('error', reject);
    worker.once('exit', (code) => reject(new Error(`the document check ended with ${code} and no answer`)));
  });
}
