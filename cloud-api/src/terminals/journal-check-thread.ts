import { parentPort } from 'node:worker_threads';
import { checkBatch, type BatchEncoding, type CheckedBatch } from './journal-check.ts';

/** One batch to check, and the number by which its answer is known. */
export interface CheckRequest {
  readonly id: number;
  readonly terminal: string;
  readonly body: ArrayBuffer;
  readonly encoding: BatchEncoding;
}
export interface CheckAnswer {
  readonly id: number;
  readonly checked: CheckedBatch;
}

parentPort?.on('message', ({ id, terminal, body, encoding }: CheckRequest) => {
  const answer: CheckAnswer = { id, checked: checkBatch(terminal, new Uint8Array(body), encoding) };
  parentPort?.postMessage(answer);
});
