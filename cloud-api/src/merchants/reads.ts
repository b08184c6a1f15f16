import { approvedMerchants } from './store.ts';

/** What others read of merchants with nothing but a database: in the program, and on a thread of its own. */
export const merchantReads = {
  /** Those of them that may publish. */
  publishing: approvedMerchants,
} as const;
