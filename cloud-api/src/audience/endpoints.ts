import type { Page, Paging } from '../platform/contract.ts';
import type { z } from 'zod';
import type {
  AudienceForecast,
  CommunityAccuracy,
  HolidayYear,
  newHolidayNotice,
  OwnSegment,
  RankedCommunity,
} from './contract.ts';

/** What the audience slice answers, for the typed client. */
export interface AudienceEndpoints {
  'GET /v1/audience/forecast': { query: { communityId: string; from: string; to: string }; result: AudienceForecast };
  'GET /v1/audience/accuracy': { query: { communityId: string; days?: number }; result: CommunityAccuracy };
  'GET /v1/audience/holidays': { result: Page<HolidayYear> };
  'POST /v1/audience/holidays': { body: z.input<typeof newHolidayNotice>; result: HolidayYear };
  'GET /v1/me/segment': { result: OwnSegment };
  'PUT /v1/me/segment': { body: Pick<OwnSegment, 'segment'>; result: OwnSegment };
  'GET /v1/audience/communities': { query: Paging & { days?: number }; result: Page<RankedCommunity> };
}
