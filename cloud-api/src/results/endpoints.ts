import type { z } from 'zod';
import type { Page } from '../platform/contract.ts';
import type { Paging } from '../platform/newest-first.ts';
import type { CampaignFunnel, CampaignResult, resultQuery } from './contract.ts';

/** What the results slice answers, for the typed client. */
export interface ResultEndpoints {
  'GET /v1/campaign-results': { query: Paging; result: Page<CampaignFunnel> };
  /** As files by day and community: `GET /v1/campaigns/:id/result.csv` and `result.xlsx`, so fetch them by `requestOf`. */
  'GET /v1/campaigns/:id/result': { query: z.input<typeof resultQuery>; result: CampaignResult };
}
