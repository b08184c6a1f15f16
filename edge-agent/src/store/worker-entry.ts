import { isBundled } from '../bundled.ts';

/** Where the worker threads start: beside this file when run from source, beside the program when bundled. */
export const workerEntry = new URL(isBundled ? './store-worker.mjs' : './store-worker.ts', import.meta.url);
