import { z } from 'zod';
import { atMs } from '../platform/contract.ts';

/** One entry of the double-entry ledger; entries with one `entrySet` add up to zero. */
export const ledgerEntry = z.object({
  id: z.string(),
  entrySet: z.string(),
  account: z.string(),
  amountFen: z.int(),
  kind: z.string(),
  businessNo: z.string(),
  at: atMs,
});
export type LedgerEntry = z.infer<typeof ledgerEntry>;
