import { z } from 'zod';
import { allow, operatorOnly, ownRows } from '../platform/auth.ts';
import { id, page, pageQuery } from '../platform/contract.ts';
import type { Platform } from '../platform/platform.ts';
import { behindLine, progress, replanRun } from './contract.ts';
import type { Delivery } from './service.ts';

const tag = 'delivery';
const sellers = allow(['operator', 'merchant'], ownRows);
const replansShown = 50;

export function deliveryRoutes({ api }: Platform, delivery: Delivery): void {
  api.route(
    {
      method: 'get',
      path: '/v1/bookings/:id/progress',
      tag,
      summary: 'What a line item got so far, by local day, how it is expected to end, and what was made good',
      right: sellers,
      params: z.object({ id }),
      reply: progress,
    },
    ({ who, params }) => delivery.progress(who, params.id),
  );
  api.route(
    {
      method: 'get',
      path: '/v1/delivery/behind',
      tag,
      summary: 'Line items that are going to get less than was bought, unless something changes',
      right: sellers,
      query: pageQuery,
      reply: page(behindLine),
    },
    ({ who, query }) => delivery.behind(who, query),
  );
  api.route(
    {
      method: 'get',
      path: '/v1/delivery/replans',
      tag,
      summary: 'The newest runs of the plan: when, how long, how much found a place, how evenly',
      right: operatorOnly,
      query: z.object({ limit: z.coerce.number().int().min(1).max(200).default(replansShown) }),
      reply: page(replanRun),
    },
    ({ query }) => delivery.replans(query.limit),
  );
}
