import { parentPort, workerData } from 'node:worker_threads';
import { readFile } from './read-file.ts';

/** One file, then the thread ends. */
export interface ReadFileTask {
  readonly bytes: Uint8Array;
  /** In the community's calendar. */
  readonly today: string;
}

const { bytes, today } = workerData as ReadFileTask;
parentPort?.postMessage(await readFile(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength), today));
