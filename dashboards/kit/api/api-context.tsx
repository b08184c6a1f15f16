// How pages ask the cloud. What stands in a phone app's first view imports the files themselves: what writes is fetched with the pages that write.
export { useApi } from './use-api.ts';
export { queryKeyOf, useRead, useReadPages, type Pages } from './use-read.ts';
export { useWrite } from './use-write.ts';
