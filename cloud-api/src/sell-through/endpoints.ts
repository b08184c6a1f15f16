import type { z } from 'zod';
import type { Page } from '../platform/contract.ts';
import type { HeatMap, heatMapQuery, rankingQuery, SoldCommunity, SoldWeek, weeksQuery } from './contract.ts';

/** What the sell-through slice answers, for the typed client. */
export interface SellThroughEndpoints {
  'GET /v1/sell-through/weeks': { query: z.input<typeof weeksQuery>; result: Page<SoldWeek> };
  'GET /v1/sell-through/heat-map': { query: z.input<typeof heatMapQuery>; result: HeatMap };
  'GET /v1/sell-through/communities': { query: z.input<typeof rankingQuery>; result: Page<SoldCommunity> };
}
