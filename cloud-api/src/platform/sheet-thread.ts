import { parentPort, workerData } from 'node:worker_threads';
import { csvOf, xlsxOf, type Sheet } from './sheet.ts';

/** One file, then the thread ends. */
export interface SheetTask {
  readonly sheet: Sheet;
  readonly kind: 'csv' | 'xlsx';
}

const { sheet, kind } = workerData as SheetTask;
parentPort?.postMessage(kind === 'csv' ? csvOf(sheet) : new Uint8Array(await xlsxOf(sheet)));
