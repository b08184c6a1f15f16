import { Worker } from 'node:worker_threads';
import { seconds } from '@gatecast/firmware-protocol';
import { refusal } from '../../platform/errors.ts';
import type { ReadFileTask } from './read-file-thread.ts';
import type { ReadFile } from './read-file.ts';
import type { ReadRow } from './read-row.ts';

const readWithinMs = seconds(20);
/** Of JavaScript's heap; the bytes beside it are bounded by `unpackedBytesMax`. */
const heapMb = 384;
/** Files read at the same time in this process. */
const readersMax = 2;

export interface FileReader {
  /** Rejects with `import-unreadable`, `import-empty`, `import-too-large`, `import-no-header` or `too-many-requests`. */
  read(bytes: Buffer, today: string): Promise<readonly ReadRow[]>;
}

/** Reads files on threads that may be killed: a file can be made to take for ever or to fill the memory. */
export function createFileReader(limits = { readWithinMs, heapMb }): FileReader {
  let reading = 0;
  return {
    async read(bytes, today) {
      if (reading >= readersMax) throw refusal('too-many-requests', 'other files are being read; try again soon');
      reading += 1;
      try {
        return rowsOf(await inThread({ bytes, today }, limits));
      } finally {
        reading -= 1;
      }
    },
  };
}

/** What the thread answers; a thread that dies or takes too long could not read the file. */
function inThread(workerData: ReadFileTask, limits: { readWithinMs: number; heapMb: number }): Promise<ReadFile> {
  const worker = new Worker(new URL('./read-file-thread.ts', import.meta.url), {
    workerData,
    resourceLimits: { maxOldGenerationSizeMb: limits.heapMb },
  });
  return new Promise((resolve) => {
    const timer = setTimeout(() => void worker.terminate(), limits.readWithinMs);
    worker.once('message', resolve);
    // Heap used up, or an error of a parser outside of what we catch.
    worker.once('error', () => resolve({ fault: 'unreadable' }));
    worker.once('exit', () => {
      clearTimeout(timer);
      resolve({ fault: 'unreadable' });
    });
  });
}

function rowsOf(file: ReadFile): readonly ReadRow[] {
  if ('rows' in file) return file.rows;
  switch (file.fault) {
    case 'unreadable':
      throw refusal('import-unreadable', 'this is no CSV or XLSX file that can be read');
    case 'empty':
      throw refusal('import-empty', 'there is nobody in this file');
    case 'too-large':
      throw refusal('import-too-large', 'a file has at most 5 MB, 20,000 rows and 50 columns');
    case 'no-header':
      throw refusal('import-no-header', 'the first row has to name the columns', { missing: file.missing ?? [] });
  }
}
