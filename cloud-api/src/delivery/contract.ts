import { z } from 'zod';
import { unit } from '../campaigns/contract.ts';
import { amountFen, atMs, id } from '../platform/contract.ts';
import { makeGoodReasons } from './schema.ts';
import { shortfallReasons } from './shortfall-reasons.ts';

const touches = z.int().nonnegative();

/** How a line item does, all in touches of its segment, rounded down; of `ten-people` in people. */
export const progress = z.object({
  bookingId: id,
  unit,
  boughtTouches: touches,
  /** From reports: half-hours that are closed. Late rows restate it. */
  verifiedTouches: touches,
  /** Planned in half-hours that have begun and are not reported yet, as much as should have come by now. */
  estimatedOpenTouches: touches,
  state: z.enum(['waiting', 'on-course', 'behind', 'paused', 'ended']),
  /** How it is expected to end, with the bounds of chance (95 %); null before the first plan and after its end. */
  outlook: z.object({ expectedTouches: touches, lowTouches: touches, highTouches: touches, madeAt: atMs }).nullable(),
  behindSince: atMs.nullable(),
  /** By the local days of its first community. */
  days: z.array(
    z.object({
      date: z.string(),
      plannedTouches: touches,
      verifiedTouches: touches,
      /** Of the planned, what lies in half-hours that nothing is reported of. */
      openTouches: touches,
      /** Plays at a touch that do not count, by reason in the exposure reports. */
      filteredPlays: z.int().nonnegative(),
    }),
  ),
  /** What was added to it without a price, and why. */
  makeGoods: z.array(
    z.object({
      no: z.int(),
      madeAt: atMs,
      reason: z.enum(makeGoodReasons),
      missingTouches: touches,
      fromAt: atMs,
      toAt: atMs,
    }),
  ),
  refundedFen: amountFen,
  settledAt: atMs.nullable(),
});
export type Progress = z.infer<typeof progress>;

/** A line item that is going to get less than was bought, unless something changes. */
export const behindLine = z.object({
  bookingId: id,
  campaignId: id,
  campaignName: z.string(),
  merchantId: id,
  merchantName: z.string(),
  /** The first of its communities, and how many there are. */
  communityName: z.string(),
  communities: z.int(),
  unit,
  from: atMs,
  to: atMs,
  boughtTouches: touches,
  verifiedTouches: touches,
  expectedTouches: touches,
  lowTouches: touches,
  behindSince: atMs,
  /** What keeps it, what says most first. */
  reasons: z.array(z.enum(shortfallReasons)),
  /** How often it was prolonged already. */
  madeGood: z.int(),
});
export type BehindLine = z.infer<typeof behindLine>;

/** One run of the plan. */
export const replanRun = z.object({
  startedAt: atMs,
  ms: z.int(),
  lineItems: z.int(),
  /** Of what was still owed with its hedge, the part that found a place, in parts per million. */
  plannedPpm: z.int(),
  /** 0: as even as can be. */
  spreadPpm: z.int(),
  cellsChanged: z.int(),
  communitiesChanged: z.int(),
});
export type ReplanRun = z.infer<typeof replanRun>;
