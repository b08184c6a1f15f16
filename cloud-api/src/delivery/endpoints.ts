import type { Page, Paging } from '../platform/contract.ts';
import type { BehindLine, Progress, ReplanRun } from './contract.ts';

/** What the delivery slice answers, for the typed client. */
export interface DeliveryEndpoints {
  'GET /v1/bookings/:id/progress': { params: { id: string }; result: Progress };
  'GET /v1/delivery/behind': { query: Paging; result: Page<BehindLine> };
  'GET /v1/delivery/replans': { query: { limit?: number }; result: Page<ReplanRun> };
}
