import { segment } from '@gatecast/firmware-protocol/messages';
import { z } from 'zod';
import { atMs, id, pageQuery, placement } from '../platform/contract.ts';

/** What a resident says that they are: one of three groups, or nothing. */
export const ownSegment = z.object({
  segment: z.enum(['families', 'commuters', 'elderly']).nullable(),
  /** Whether they agreed to personal offers, without which nothing is taken. */
  mayDeclare: z.boolean(),
});
export type OwnSegment = z.infer<typeof ownSegment>;
export const newOwnSegment = ownSegment.pick({ segment: true });

const milli = z.int().nonnegative();
const ppm = z.int().nonnegative();

/** UTC milliseconds, as a query writes them; coerced numbers would pass for optional in the OpenAPI document. */
const at = z.string().regex(/^\d{1,15}$/);

export const forecastDaysMax = 8;
/** Half-hours that begin in `from ≤ at < to`, of at most eight days. */
export const forecastQuery = z.object({
  communityId: id,
  from: at,
  to: at,
});

export const audienceHalfHour = z.object({
  /** Start of the half-hour. */
  at: atMs,
  /** Null for merchants: all entrances of this placement together. */
  entranceId: id.nullable(),
  entranceName: z.string().nullable(),
  placement,
  /** Thousandths of a touch; four times in five it lies between low and high. */
  expectedMilli: milli,
  lowMilli: milli,
  highMilli: milli,
  /** Which part of the touches belongs to each segment, in parts per million. Nobody's own segment is known. */
  shares: z.partialRecord(segment, ppm),
  /** When it was told; always before the local day began. Null: it was not told in time and is made for this question. */
  madeAt: atMs.nullable(),
  /** `open`: the half-hour is not over. `unknown`: a screen has not told yet, which does not mean that nobody came. `withheld`: fewer than ten. */
  counted: z.enum(['open', 'unknown', 'withheld', 'told']),
  /** With the noise that the terminals add; null unless told. */
  countedTouches: z.int().nullable(),
});
export type AudienceHalfHour = z.infer<typeof audienceHalfHour>;
/** The community's own zone, in which its days and half-hours are read. */
export const audienceForecast = z.object({
  zone: z.string(),
  /** Years in the span whose holidays are not all known: nobody has entered the notice of them yet. */
  holidaysUnknown: z.array(z.int()),
  items: z.array(audienceHalfHour).readonly(),
});
export type AudienceForecast = z.infer<typeof audienceForecast>;

export const accuracyDaysMax = 92;
/** How forecasts, as they were told, compared with the counts. Half-hours of which fewer than fifteen touches were expected are in none of it. */
export const audienceAccuracy = z.object({
  /** Half-hours of entrances that were compared. */
  cells: z.int().nonnegative(),
  expectedMilli: milli,
  actualMilli: milli,
  /** Sum of the errors without their signs, of all touches: 100,000 is ten per cent. Null without touches. */
  wapePpm: ppm.nullable(),
  /** Part that lay within the interval; 800,000 is what is promised. */
  coveragePpm: ppm.nullable(),
  /** Expected more than came (above nothing) or less, of all touches. */
  biasPpm: z.int().nullable(),
});
export type AudienceAccuracy = z.infer<typeof audienceAccuracy>;

/** 1 for Monday to 7 for Sunday; 8: holidays; 9: weekend's days that are worked. */
const dayKind = z.int().min(1).max(9);
export const accuracyQuery = z.object({
  communityId: id,
  days: z.coerce.number().int().min(1).max(accuracyDaysMax).default(28),
});
export const communityAccuracy = z.object({
  communityId: id,
  communityName: z.string(),
  zone: z.string(),
  total: audienceAccuracy,
  byKind: z.array(audienceAccuracy.extend({ kind: dayKind })),
  days: z.array(audienceAccuracy.extend({ day: z.string(), kind: dayKind })),
});
export type CommunityAccuracy = z.infer<typeof communityAccuracy>;

export const rankingQuery = pageQuery.extend({ days: z.coerce.number().int().min(1).max(accuracyDaysMax).default(28) });
export const rankedCommunity = audienceAccuracy.extend({ communityId: id, communityName: z.string() });
export type RankedCommunity = z.infer<typeof rankedCommunity>;

const date = z.string().regex(/^\d{4}-\d{2}-\d{2}$/);
const holiday = z.object({ name: z.string().trim().min(1).max(20), from: date, to: date });
/** `POST /v1/audience/holidays`: the State Council's notice for a year. */
export const newHolidayNotice = z.object({
  year: z.int().min(2020).max(2100),
  holidays: z.array(holiday).min(1).max(15),
  workedWeekends: z.array(date).max(20),
  /** Where it was read. */
  source: z.string().trim().min(4).max(300),
});
export const holidayYear = z.object({
  year: z.int(),
  /** 0: what this program knows by itself; its days have no names. */
  version: z.int(),
  holidays: z.array(z.object({ name: z.string(), from: date, to: date })),
  workedWeekends: z.array(date),
  source: z.string().nullable(),
  enteredAt: atMs.nullable(),
  /** False: only the days that the regulation fixes for every year, without bridged and worked ones. */
  isWhole: z.boolean(),
});
export type HolidayYear = z.infer<typeof holidayYear>;
