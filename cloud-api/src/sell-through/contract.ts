import { z } from 'zod';
import { amountFen, atMs, id, pageQuery } from '../platform/contract.ts';
import { wheres } from './week-cells.ts';

const place = z.enum(wheres);
/** A Monday. */
const week = z
  .string()
  .regex(/^\d{4}-\d{2}-\d{2}$/)
  .refine((date) => new Date(`${date}T00:00:00Z`).getUTCDay() === 1, 'weeks are named by their Mondays');
const touches = z.int().nonnegative();

/** How much is sold of what comes by, and what that earns: agreed prices of what was delivered, or is planned where nothing is reported yet. */
const sold = z.object({
  expectedTouches: touches,
  /** Of the expected, what the owners let be sold. */
  openTouches: touches,
  /** Whole touches that are taken. */
  soldTouches: touches,
  /** Of what is open; null: nothing is. */
  soldPpm: z.int().nullable(),
  incomeFen: amountFen,
  /** Income per expected touch, in thousandths of a fen. */
  yieldMilliFen: z.int().nonnegative(),
});
export type Sold = z.infer<typeof sold>;

/** Of each day, minutes from midnight. */
const daypartSold = sold.extend({ fromMinute: z.int(), toMinute: z.int() });

/** `GET /v1/sell-through/weeks`, the latest first. */
export const weeksQuery = z.object({ place: place.default('all') });
export const soldWeek = sold.extend({
  week: z.string(),
  communities: z.int(),
  /** Communities of which nothing is for sale. */
  unsold: z.int(),
  dayparts: z.array(daypartSold),
  madeAt: atMs,
});
export type SoldWeek = z.infer<typeof soldWeek>;

/** `GET /v1/sell-through/heat-map`: of the network, or of one community as things stand now. */
export const heatMapQuery = z.object({
  week: week.optional(),
  place: place.default('all'),
  communityId: id.optional(),
});
export const heatMap = sold.extend({
  week: z.string(),
  place,
  /** Null: the network. */
  communityName: z.string().nullable(),
  /** Of one community: why nothing is for sale. */
  unsold: z.string().nullable(),
  /** 336 half-hours from Monday's midnight on, by the clocks there. */
  cells: z.array(sold.pick({ expectedTouches: true, openTouches: true, soldTouches: true, soldPpm: true })),
  dayparts: z.array(daypartSold),
  /** Null: the week was never summed. */
  madeAt: atMs.nullable(),
});
export type HeatMap = z.infer<typeof heatMap>;

/** `GET /v1/sell-through/communities` */
export const rankingQuery = pageQuery.extend({
  week: week.optional(),
  place: place.default('all'),
  by: z.enum(['sold', 'yield']).default('sold'),
  order: z.enum(['worst', 'best']).default('worst'),
  /** Part of the name. */
  search: z.string().trim().max(60).optional(),
});
export const soldCommunity = sold.extend({ communityId: id, communityName: z.string() });
export type SoldCommunity = z.infer<typeof soldCommunity>;
