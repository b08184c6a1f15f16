import { z } from 'zod';
import { allow, ownRows } from '../platform/auth.ts';
import { id, page, pageQuery } from '../platform/contract.ts';
import type { Platform } from '../platform/platform.ts';
import { booking, campaign, newBooking, newCampaign, slot, slotQuery } from './contract.ts';
import type { Campaigns } from './service.ts';

const tag = 'campaigns';
const sellers = allow(['operator', 'merchant'], ownRows);
const merchantOnly = allow(['merchant'], ownRows);

export function campaignRoutes({ api }: Platform, campaigns: Campaigns): void {
  api.route(
    {
      method: 'get',
      path: '/v1/slots',
      tag,
      summary: 'Half-hours of a community on a local day: what is for sale and what is left, in verified touches',
      right: sellers,
      query: slotQuery,
      reply: page(slot),
    },
    ({ who, query }) => campaigns.slots(who, query),
  );
  api.route(
    {
      method: 'get',
      path: '/v1/campaigns',
      tag,
      summary: 'Campaigns, newest first',
      right: sellers,
      query: pageQuery,
      reply: page(campaign),
    },
    ({ who, query }) => campaigns.list(who, query),
  );
  api.route(
    {
      method: 'post',
      path: '/v1/campaigns',
      tag,
      summary: 'A new campaign',
      right: merchantOnly,
      body: newCampaign,
      reply: campaign,
    },
    ({ who, body, call }) => campaigns.create(who, body, call),
  );
  bookingRoutes(api, campaigns);
}

function bookingRoutes(api: Platform['api'], { bookings }: Campaigns): void {
  api.route(
    {
      method: 'get',
      path: '/v1/bookings',
      tag,
      summary: 'Bookings, newest first',
      right: sellers,
      query: pageQuery.extend({ campaignId: id.optional() }),
      reply: page(booking),
    },
    ({ who, query }) => bookings.list(who, query),
  );
  api.route(
    {
      method: 'post',
      path: '/v1/bookings',
      tag,
      summary: 'Hold touches of a half-hour; they are yours once paid',
      right: merchantOnly,
      body: newBooking,
      reply: booking,
    },
    ({ who, body, call }) => bookings.book(who, body, call),
  );
  api.route(
    {
      method: 'get',
      path: '/v1/bookings/:id',
      tag,
      summary: 'A booking',
      right: sellers,
      params: z.object({ id }),
      reply: booking,
    },
    ({ who, params }) => bookings.get(who, params.id),
  );
}
