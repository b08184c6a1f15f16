/** Where the worker threads start: beside this file when run from source, beside the bundle when bundled. */
export const workerEntry = new URL(
  import.meta.url.endsWith('.ts') ? './store-worker.ts' : './store-worker.js',
  import.meta.url,
);
