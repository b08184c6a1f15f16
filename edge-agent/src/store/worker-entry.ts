import { isBundled } from '../bundled.ts';

/** Where a worker thread starts: beside this file when run from source, beside the program when bundled. */
const entryOf = (name: string): URL => new URL(isBundled ? `./${name}.mjs` : `./${name}.ts`, import.meta.url);

/** The thread that owns the database. */
export const storeWorker = entryOf('store-worker');
/** A thread that checks one document and ends. It alone knows what documents look like: the store's, which stays, is smaller by megabytes. */
export const documentWorker = entryOf('document-worker');
