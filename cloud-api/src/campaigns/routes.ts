import { z } from 'zod';
import type { Communities } from '../communities/service.ts';
import { allow, ownRows, type As, type Scope } from '../platform/auth.ts';
import { id, page, pageQuery } from '../platform/contract.ts';
import type { Platform } from '../platform/platform.ts';
import type { AdvertsHere } from './adverts-here.ts';
import {
  advertHere,
  booking,
  bookingPatch,
  campaign,
  campaignQuery,
  cancelledBooking,
  newBooking,
  newCampaign,
  newLineItem,
  quote,
  quoteRequest,
  slot,
  slotQuery,
} from './contract.ts';
import type { Campaigns } from './service.ts';

const tag = 'campaigns';
const sellers = allow(['operator', 'merchant'], ownRows);
const merchantOnly = allow(['merchant'], ownRows);

/** What plays on the screens of a community, for who manages it. */
export function advertRoutes(
  { api }: Platform,
  adverts: AdvertsHere,
  communities: Pick<Communities, 'mayManage'>,
): void {
  const managed: Scope<As<'operator' | 'property'>> = async (q, who, { params }) => {
    await communities.mayManage(q, who, id.parse(params['id']));
  };
  api.route(
    {
      method: 'get',
      path: '/v1/communities/:id/adverts',
      tag,
      summary: 'Adverts that are planned for the screens of a community in the next seven days',
      right: allow(['operator', 'property'], managed),
      params: z.object({ id }),
      reply: page(advertHere),
    },
    async ({ params }) => ({ items: [...(await adverts.advertsIn(params.id))], nextCursor: null }),
  );
}

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
      query: campaignQuery,
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
  api.route(
    {
      method: 'post',
      path: '/v1/quotes',
      tag,
      summary:
        'What can be had of a line item beside all that is sold, exactly, for how much, and what else would be enough; holds nothing',
      right: sellers,
      body: quoteRequest,
      reply: quote,
      status: 200,
    },
    ({ who, body }) => campaigns.quotes.quote(who, body),
  );
  bookingRoutes(api, campaigns);
  changeRoutes(api, campaigns);
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
      summary: 'Hold a line item, or touches of one half-hour of one community; they are yours once paid',
      right: merchantOnly,
      body: z.union([newBooking, newLineItem]),
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

function changeRoutes(api: Platform['api'], { bookings }: Campaigns): void {
  api.route(
    {
      method: 'patch',
      path: '/v1/bookings/:id',
      tag,
      summary: 'Pause, resume or move a line item that is paid, at the price that was agreed',
      right: sellers,
      params: z.object({ id }),
      body: bookingPatch,
      reply: booking,
    },
    ({ who, params, body, call }) => bookings.change(who, params.id, body, call),
  );
  api.route(
    {
      method: 'post',
      path: '/v1/bookings/:id/cancel',
      tag,
      summary: 'End a line item; what was not delivered goes back',
      right: sellers,
      params: z.object({ id }),
      reply: cancelledBooking,
      status: 200,
    },
    ({ who, params, call }) => bookings.cancel(who, params.id, call),
  );
}
