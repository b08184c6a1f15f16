import type { z } from 'zod';
import type { Page, Paging } from '../platform/contract.ts';
import type {
  AdvertHere,
  Booking,
  bookingPatch,
  Campaign,
  cancelledBooking,
  newBooking,
  newCampaign,
  newLineItem,
  Quote,
  quoteRequest,
  Slot,
  slotQuery,
} from './contract.ts';

/** Requests and answers of what is sold, by operation. */
export interface CampaignEndpoints {
  'GET /v1/slots': { query: z.input<typeof slotQuery>; result: Page<Slot> };
  'GET /v1/communities/:id/adverts': { params: { id: string }; result: Page<AdvertHere> };
  'GET /v1/campaigns': { query: Paging & { search?: string }; result: Page<Campaign> };
  'POST /v1/campaigns': { body: z.input<typeof newCampaign>; result: Campaign };
  'GET /v1/bookings': { query: Paging & { campaignId?: string }; result: Page<Booking> };
  'POST /v1/bookings': { body: z.input<typeof newBooking> | z.input<typeof newLineItem>; result: Booking };
  'POST /v1/quotes': { body: z.input<typeof quoteRequest>; result: Quote };
  'PATCH /v1/bookings/:id': { body: z.input<typeof bookingPatch>; result: Booking };
  'POST /v1/bookings/:id/cancel': { result: z.infer<typeof cancelledBooking> };
  'GET /v1/bookings/:id': { result: Booking };
}
