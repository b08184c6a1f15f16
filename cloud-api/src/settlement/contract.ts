import { z } from 'zod';
import { atMs, pageQuery } from '../platform/contract.ts';
import { troubleEndings, troubleKinds } from './trouble-kinds.ts';

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

/** Money that is not as it was asked for, or that does not go back: it stands here until somebody has dealt with it. */
export const paymentTrouble = z.object({
  id: z.string(),
  kind: z.enum(troubleKinds),
  /** The provider's transaction, or the number of a refund. */
  subjectNo: z.string(),
  /** Null: nobody here asked for it. */
  paymentId: z.string().nullable(),
  amountFen: z.int(),
  /** What was asked for, where that is something else. */
  expectedFen: z.int().nullable(),
  /** The account that the provider named, where it is not the payment's. */
  merchantNo: z.string().nullable(),
  /** The provider's own word. */
  reason: z.string().nullable(),
  at: atMs,
  endedAt: atMs.nullable(),
  /** An account, or `system` where it came loose by itself. */
  endedBy: z.string().nullable(),
  ending: z.enum(troubleEndings).nullable(),
  note: z.string().nullable(),
});
export type PaymentTrouble = z.infer<typeof paymentTrouble>;

export const troublesQuery = pageQuery.extend({ open: z.enum(['yes', 'no']).optional() });

export const settleTrouble = z.object({
  /** `asked-again`: the provider is asked once more; `returned-by-hand`: the money went back outside of here; `noted`: nothing else is to do. */
  ending: z.enum(['asked-again', 'returned-by-hand', 'noted']),
  note: z.string().trim().min(1).max(300),
});
export type SettleTrouble = z.infer<typeof settleTrouble>;
