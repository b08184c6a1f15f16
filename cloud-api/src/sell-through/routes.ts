import { operatorOnly } from '../platform/auth.ts';
import { page } from '../platform/contract.ts';
import type { Platform } from '../platform/platform.ts';
import { heatMap, heatMapQuery, rankingQuery, soldCommunity, soldWeek, weeksQuery } from './contract.ts';
import type { SellThrough } from './service.ts';

const tag = 'inventory';
const right = operatorOnly;

export function sellThroughRoutes({ api }: Platform, sellThrough: SellThrough): void {
  api.route(
    {
      method: 'get',
      path: '/v1/sell-through/weeks',
      tag,
      summary: 'What was sold of all that came by, and what it earned, week by week',
      right,
      query: weeksQuery,
      reply: page(soldWeek),
    },
    ({ query }) => sellThrough.weeks(query),
  );
  api.route(
    {
      method: 'get',
      path: '/v1/sell-through/heat-map',
      tag,
      summary: 'The half-hours of a week: expected, open for sale and sold; of the network or of one community',
      right,
      query: heatMapQuery,
      reply: heatMap,
    },
    ({ query }) => sellThrough.heatMap(query),
  );
  api.route(
    {
      method: 'get',
      path: '/v1/sell-through/communities',
      tag,
      summary: 'Communities of which something is for sale, those that sell or earn least (or most) first',
      right,
      query: rankingQuery,
      reply: page(soldCommunity),
    },
    ({ query }) => sellThrough.communities(query),
  );
}
