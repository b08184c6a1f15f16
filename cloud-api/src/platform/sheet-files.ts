import { Worker } from 'node:worker_threads';
import { InvariantError, seconds } from '@gatecast/firmware-protocol';
import { refusal } from './errors.ts';
import type { SheetTask } from './sheet-thread.ts';

const madeWithinMs = seconds(30);
const heapMb = 384;
/** Files made at the same time in this process. */
const makersMax = 2;

export const sheetFileTypes = {
  csv: 'text/csv; charset=utf-8',
  xlsx: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
} as const;
export type SheetFile = string | Uint8Array<ArrayBuffer>;
export type MakeSheetFile = (task: SheetTask) => Promise<SheetFile>;

/** Makes files on threads of their own: ten thousand rows take an Excel file a second. Rejects with `too-many-requests`. */
export function createSheetFiles(): MakeSheetFile {
  let making = 0;
  return async (workerData) => {
    if (making >= makersMax) throw refusal('too-many-requests', 'other files are being made; try again soon');
    making += 1;
    try {
      return await inThread(workerData);
    } finally {
      making -= 1;
    }
  };
}

function inThread(workerData: SheetTask): Promise<SheetFile> {
  const worker = new Worker(new URL('./sheet-thread.ts', import.meta.url), {
    workerData,
    resourceLimits: { maxOldGenerationSizeMb: heapMb },
  });
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => void worker.terminate(), madeWithinMs);
    worker.once('message', (file: SheetFile) => resolve(file));
    worker.once('error', reject);
    worker.once('exit', () => {
      clearTimeout(timer);
      reject(new InvariantError('no file was made in time'));
    });
  });
}
