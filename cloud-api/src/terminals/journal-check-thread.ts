import { parentPort } from 'node:worker_threads';
import { checkBatch, type CheckedBatch } from './journal-check.ts';

/** One batch to check, and the number by which its answer is known. */
export interface CheckRequest {
  readonly id: number;
  readonly terminal: string;
  readonly text: string;
}
export interface CheckAnswer {
  readonly id: number;
  readonly checked: CheckedBatch;
}

parentPort?.on('message', ({ id, terminal, text }: CheckRequest) => {
  const answer: CheckAnswer = { id, checked: checkBatch(terminal, text) };
  parentPort?.postMessage(answer);
});
