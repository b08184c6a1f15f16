import { segment } from '@gatecast/firmware-protocol/messages';
import { z } from 'zod';
import { categories } from '../content/categories.ts';
import { permitBytesMax, scanTypes } from '../content/permit-contract.ts';
import { amountFen, atMs, id, pageQuery, placement } from '../platform/contract.ts';
import { decisionStatuses } from './decision-rules.ts';
import { soldProducts } from './products.ts';

const million = 1_000_000;
const placements = ['gate', 'unit-door', 'lift'] as const;
const ppm = z.int().min(0).max(million);

/** A local day. */
const localDay = z
  .string()
  .regex(/^\d{4}-\d{2}-\d{2}$/)
  .refine((text) => isDay(text), { message: 'no calendar has this day' });
const isDay = (text: string): boolean => {
  const at = Date.parse(`${text}T00:00:00Z`);
  return !Number.isNaN(at) && new Date(at).toISOString().startsWith(text);
};

/** `gate,lift` */
const listed = <const T extends readonly [string, ...string[]]>(words: T, itemsMin: number) =>
  z
    .string()
    .max(400)
    .transform((text) => [...new Set(text === '' ? [] : text.split(','))])
    .pipe(z.array(z.enum(words)).min(itemsMin));

const hoursMax = 6;
const halfHoursADay = 48;
/** `420-540,1020-1320`: local minutes, half-open, at half-hours. */
const hoursText = z
  .string()
  .max(100)
  .regex(/^$|^\d{1,4}-\d{1,4}(,\d{1,4}-\d{1,4})*$/)
  .transform((text) =>
    (text === '' ? [] : text.split(',')).map((span) => {
      const [fromMinute = 0, toMinute = 0] = span.split('-').map(Number);
      return { fromMinute, toMinute };
    }),
  )
  .refine((spans) => spans.length <= hoursMax && spans.every(isSpan), {
    message: 'spans begin and end at half-hours of one day, and end after they begin',
  });
const isSpan = ({ fromMinute, toMinute }: { readonly fromMinute: number; readonly toMinute: number }): boolean =>
  fromMinute % 30 === 0 && toMinute % 30 === 0 && fromMinute < toMinute && toMinute <= halfHoursADay * 30;

/** Parts per million, in an address. */
const partPpm = z
  .string()
  .regex(/^\d{1,7}$/)
  .transform(Number)
  .pipe(z.int().max(million));

/** `POST /v1/owner-decisions?communityId=…` with the document (JPEG, PNG or PDF) as body. */
export const newDecisionQuery = z.object({
  communityId: id,
  title: z.string().trim().min(1).max(120),
  decidedOn: localDay,
  /** The last local day on which something may be sold. */
  lastDay: localDay,
  placements: listed(placements, 1),
  /** Empty: all day. */
  hours: hoursText.optional().transform((spans) => spans ?? []),
  /** Categories that the owners do not want. */
  excluded: listed(categories, 0)
    .optional()
    .transform((words) => words ?? []),
  /** Of the income that is left after the cost of managing it, for the owners' account. */
  ownersSharePpm: partPpm,
  managementPpm: partPpm,
});
export type NewDecision = z.output<typeof newDecisionQuery>;
export const decisionBytesMax = permitBytesMax;

const daySpan = z.object({ fromMinute: z.int(), toMinute: z.int() });
/** What the owners of a community decided on its screens. */
export const ownerDecision = z.object({
  id,
  communityId: id,
  communityName: z.string(),
  title: z.string(),
  decidedOn: z.string(),
  placements: z.array(placement).readonly(),
  hours: z.array(daySpan).readonly(),
  excluded: z.array(z.enum(categories)).readonly(),
  ownersSharePpm: ppm,
  managementPpm: ppm,
  /** Nothing is sold from here on. */
  validTo: atMs,
  status: z.enum(decisionStatuses),
  /** True of one in force whose time is over. */
  isExpired: z.boolean(),
  recordedBy: id,
  createdAt: atMs,
  decidedAt: atMs.nullable(),
  inForceFrom: atMs.nullable(),
  endedAt: atMs.nullable(),
  note: z.string().nullable(),
  fileType: z.enum(scanTypes),
  /** Signed for an hour; null: its time was over and it was deleted. */
  fileUrl: z.string().nullable(),
});
export type OwnerDecision = z.infer<typeof ownerDecision>;
export const decisionsQuery = pageQuery.extend({
  communityId: id.optional(),
  status: z.enum(decisionStatuses).optional(),
});
/** A community that sells nothing for want of its owners' decision. */
export const unsoldCommunity = z.object({
  communityId: id,
  communityName: z.string(),
  reason: z.enum(['no-owner-decision', 'decision-expired']),
  /** When the last one ended. */
  endedAt: atMs.nullable(),
  /** Decisions that were handed in there and are not confirmed. */
  waiting: z.int(),
});
export type UnsoldCommunity = z.infer<typeof unsoldCommunity>;

/** Why a decision is refused, or no longer holds. */
export const decisionNote = z.object({ note: z.string().trim().min(2).max(300) });

const daypart = {
  weekdays: z.array(z.int().min(1).max(7)).min(1).max(7).nullable().default(null),
  fromMinute: z.int().min(0).max(1_410).multipleOf(30).nullable().default(null),
  toMinute: z.int().min(0).max(1_440).multipleOf(30).nullable().default(null),
};
const scopeOfLine = {
  /** Null: the whole network. Null below: any. */
  communityId: id.nullable().default(null),
  placement: placement.nullable().default(null),
  segment: segment.nullable().default(null),
  product: z.enum(soldProducts).nullable().default(null),
};
export const touchPriceFenMax = 100_000;
export const newRateLine = z
  .object({
    ...scopeOfLine,
    ...daypart,
    touchPriceFen: z.int().min(0).max(touchPriceFenMax),
    /** Default: now. */
    validFrom: atMs.optional(),
    validTo: atMs.nullable().default(null),
  })
  .refine(({ fromMinute, toMinute }) => (fromMinute === null) === (toMinute === null), {
    message: 'a daypart has a beginning and an end',
    path: ['toMinute'],
  });
export const rateLine = z.object({
  id,
  communityId: id.nullable(),
  communityName: z.string().nullable(),
  placement: placement.nullable(),
  segment: segment.nullable(),
  product: z.enum(soldProducts).nullable(),
  weekdays: z.array(z.int()).readonly().nullable(),
  fromMinute: z.int().nullable(),
  toMinute: z.int().nullable(),
  touchPriceFen: amountFen,
  validFrom: atMs,
  validTo: atMs.nullable(),
  createdAt: atMs,
});
export type ShownRateLine = z.infer<typeof rateLine>;
/** Of a community, its own and the network's; without one, all. `past`: those that are over, too. */
export const rateLinesQuery = pageQuery.extend({
  communityId: id.optional(),
  past: z.enum(['true', 'false']).optional(),
});
export const rateCard = z.object({
  items: z.array(rateLine).readonly(),
  nextCursor: z.string().nullable(),
  /** Where no line says anything else. */
  defaultTouchPriceFen: amountFen,
});
export type RateCard = z.infer<typeof rateCard>;

/** What a day costs, half-hours of equal prices together; of a community, or (without one) as the network's lines say. */
export const dayPricesQuery = z.object({
  communityId: id.optional(),
  date: localDay,
  segment: segment.default('all'),
  product: z.enum(soldProducts).default('touches'),
});
export const dayPrices = z.object({
  items: z
    .array(
      z.object({
        fromMinute: z.int(),
        toMinute: z.int(),
        prices: z
          .array(
            z.object({
              placement,
              touchPriceFen: amountFen,
              /** Null: the flat price. */
              lineId: id.nullable(),
              from: z.enum(['default', 'network', 'community']),
            }),
          )
          .readonly(),
      }),
    )
    .readonly(),
});
export type DayPrices = z.infer<typeof dayPrices>;

/** What of a community's screens is for sale now, and what is kept off or apart on them. */
export const sellingState = z.object({
  community: z.object({ id, name: z.string(), zone: z.string() }),
  reason: z.enum(['no-owner-decision', 'decision-expired', 'blackout']).nullable(),
  decision: ownerDecision.nullable(),
  declined: z.array(z.enum(categories)),
  /** Between clips of competitors, as far as it costs nobody what was paid for. */
  competitorGapMs: z.int().nonnegative(),
});
export type SellingState = z.infer<typeof sellingState>;

export const newBlackout = z
  .object({
    communityId: id.nullable().default(null),
    firstDay: localDay,
    lastDay: localDay,
    reason: z.string().trim().min(2).max(200),
  })
  .refine(({ firstDay, lastDay }) => firstDay <= lastDay, { message: 'it ends after it begins', path: ['lastDay'] });
export const blackout = z.object({
  id,
  /** Null: the whole network. */
  communityId: id.nullable(),
  communityName: z.string().nullable(),
  firstDay: z.string(),
  lastDay: z.string(),
  reason: z.string(),
  createdAt: atMs,
  liftedAt: atMs.nullable(),
});
export type Blackout = z.infer<typeof blackout>;
export const blackoutsQuery = pageQuery.extend({
  communityId: id.optional(),
  past: z.enum(['true', 'false']).optional(),
});
