import type { z } from 'zod';
import type { Page, Paging } from '../platform/contract.ts';
import type {
  Blackout,
  DayPrices,
  dayPricesQuery,
  decisionNote,
  newBlackout,
  newDecisionQuery,
  newRateLine,
  OwnerDecision,
  RateCard,
  SellingState,
  ShownRateLine,
  UnsoldCommunity,
} from './contract.ts';

/** What the inventory slice answers, for the typed client. */
export interface InventoryEndpoints {
  'GET /v1/owner-decisions': {
    query: Paging & { communityId?: string; status?: OwnerDecision['status'] };
    result: Page<OwnerDecision>;
  };
  'GET /v1/unsold-communities': { query: Paging; result: Page<UnsoldCommunity> };
  'POST /v1/owner-decisions': { query: z.input<typeof newDecisionQuery>; body: Blob; result: OwnerDecision };
  'POST /v1/owner-decisions/:id/confirm': { result: OwnerDecision };
  'POST /v1/owner-decisions/:id/refuse': { body: z.input<typeof decisionNote>; result: OwnerDecision };
  'POST /v1/owner-decisions/:id/revoke': { body: z.input<typeof decisionNote>; result: OwnerDecision };
  'GET /v1/rate-lines': { query: Paging & { communityId?: string; past?: 'true' | 'false' }; result: RateCard };
  'GET /v1/rate-card': { query: z.input<typeof dayPricesQuery>; result: DayPrices };
  'GET /v1/communities/:id/selling': { result: SellingState };
  'POST /v1/rate-lines': { body: z.input<typeof newRateLine>; result: ShownRateLine };
  'POST /v1/rate-lines/:id/end': { result: ShownRateLine };
  'GET /v1/blackouts': { query: Paging & { communityId?: string; past?: 'true' | 'false' }; result: Page<Blackout> };
  'POST /v1/blackouts': { body: z.input<typeof newBlackout>; result: Blackout };
  'POST /v1/blackouts/:id/lift': { result: Blackout };
}
