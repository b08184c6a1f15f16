import type { z } from 'zod';
import type { Page, Paging } from '../platform/contract.ts';
import type {
  Dispute,
  disputeRefused,
  disputeUpheld,
  DisputeWithEvidence,
  Invoice,
  InvoiceLine,
  newDispute,
  OwnersAccount,
  PublicIncome,
} from './contract.ts';

/** What the billing slice answers, for the typed client. */
export interface BillingEndpoints {
  'GET /v1/invoices': {
    query: Paging & { campaignId?: string; status?: Invoice['status'] };
    result: Page<Invoice>;
  };
  'GET /v1/invoices/:id': { result: Invoice };
  /** As CSV: `GET /v1/invoices/:id/lines.csv`; for an auditor: `GET /v1/invoices/:id/bundle`. Both are files, so fetch them by `requestOf`. */
  'GET /v1/invoices/:id/lines': { query: Paging; result: Page<InvoiceLine> };
  'POST /v1/invoices/:id/disputes': { body: z.input<typeof newDispute>; result: Dispute };
  'GET /v1/disputes': { query: Paging & { status?: Dispute['status'] }; result: Page<Dispute> };
  'GET /v1/disputes/:id': { result: DisputeWithEvidence };
  'POST /v1/disputes/:id/withdraw': { result: Dispute };
  'POST /v1/disputes/:id/uphold': { body: z.input<typeof disputeUpheld>; result: Dispute };
  'POST /v1/disputes/:id/refuse': { body: z.input<typeof disputeRefused>; result: Dispute };
  'GET /v1/communities/:id/ad-income': { result: OwnersAccount };
  'POST /v1/communities/:id/ad-payouts': {
    query: { party: 'owners' | 'management'; amountFen: string; paidOn: string };
    body: Blob;
    result: OwnersAccount;
  };
  'GET /v1/me/ad-income': { result: PublicIncome };
}
