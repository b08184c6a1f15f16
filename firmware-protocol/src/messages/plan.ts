import { z } from 'zod';
import { cloudId, instantMs, placement, sha256Hex, zoneName } from './fields.ts';
import { noticesMax, postedNotice } from './notices.ts';

/** What made the person stop at the screen. */
export const touchEvent = z.enum(['opening', 'lift-call']);
export type TouchEvent = z.infer<typeof touchEvent>;

export const segment = z.enum(['all', 'families', 'commuters', 'elderly', 'night']);
export type Segment = z.infer<typeof segment>;

export const capDaysMax = 30;

/** At most `plays` in any `windowMs`. */
export const frequencyCap = z.object({
  plays: z.int().min(1).max(100),
  windowMs: z
    .int()
    .min(1)
    .max(capDaysMax * 86_400_000),
});
export type FrequencyCap = z.infer<typeof frequencyCap>;

const entry = z.object({
  campaign: cloudId,
  campaignNo: z.int().min(1).max(0xffff_ffff),
  clip: sha256Hex,
  /** Share of the cell's touches, in parts per million; a cell's shares add up to at most 1,000,000. */
  sharePpm: z.int().min(0).max(1_000_000),
  /** Touches still owed in this half-hour on this terminal; at 0 the entry rests. */
  remaining: z.int().nonnegative(),
  /**
   * Competitors: an entry is not shown within `ms` of one of its group by another advertiser. Null: there is nobody to keep away from; without `advertiser`
   * each campaign is one of its own.
   */
  separation: z
    .object({ group: z.string().max(40), ms: z.int().nonnegative(), advertiser: z.string().max(40).optional() })
    .nullable(),
  /** True if only opted-in residents may be matched; without consent such an entry is passed over. Its share is one of their touches. */
  consent: z.boolean(),
  /**
   * How often one opted-in person is shown it on this terminal within any window of that length; null: as often as its share says. Who did not opt in
   * is not known and has no cap.
   */
  cap: frequencyCap.nullable().default(null),
});
export type PlanEntry = z.infer<typeof entry>;

const cell = z.object({
  /** Start of the half-hour. */
  at: instantMs,
  entrance: cloudId,
  placement,
  event: touchEvent,
  segment,
  entries: z.array(entry).max(200),
});
export type PlanCell = z.infer<typeof cell>;

const house = z.object({
  clip: sha256Hex,
  /** Who it is made for; `all` fits everybody. */
  segment,
});

/** Expected touches in a half-hour of the day, by segment: integer milli-touches from closed half-hours and the community's profile. */
const audience = z.object({
  halfHour: z.int().min(0).max(47),
  milliTouches: z.partialRecord(segment, z.int().nonnegative()),
});
export type Audience = z.infer<typeof audience>;

export const planDays = 7;

/** Body of the `plan` document. After `validTo` only house clips play. */
export const plan = z
  .object({
    zone: zoneName,
    validFrom: instantMs,
    validTo: instantMs,
    audience: z.array(audience).max(48),
    cells: z.array(cell).max(20_000),
    house: z.array(house).max(100),
    /** Only for terminals that read no `notices` document (protocol below 4); with one, that counts and this is empty. */
    notices: z.array(postedNotice).max(noticesMax),
  })
  .refine((p) => p.validTo > p.validFrom && p.validTo - p.validFrom <= planDays * 86_400_000, {
    message: 'a plan holds for more than nothing and at most seven days',
  });
export type Plan = z.infer<typeof plan>;
