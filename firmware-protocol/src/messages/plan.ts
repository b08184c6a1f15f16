import { z } from 'zod';
import { cloudId, instantMs, placement, segment, sha256Hex, zoneName } from './fields.ts';
import { noticesMax, postedNotice } from './notices.ts';

/** What made the person stop at the screen. */
export const touchEvent = z.enum(['opening', 'lift-call']);
export type TouchEvent = z.infer<typeof touchEvent>;

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

/** How many distinct people who opted in this terminal may reach for a line item. It counts them by itself and tells nobody who they are. */
export const peopleGoal = z.object({
  lineItem: cloudId,
  /** In all, with those that it reached under earlier plans; what the line item has left is divided anew with each plan. */
  upTo: z.int().nonnegative(),
  /** Of these, those that the cloud knows of: what a terminal that lost its memory begins with. */
  known: z.int().nonnegative(),
  /** End of the line item, exclusive: then whom it reached is forgotten. */
  until: instantMs,
  /** Part of those who opted in that never sees it, drawn by pseudonym under this key; null: nobody is held out. */
  holdout: z.object({ key: z.string().max(64), ppm: z.int().min(0).max(500_000) }).nullable(),
  /**
   * Screens of the community that may reach people for it, this one as `own`: each person belongs to the one that draws highest of `HMAC(key | screen, pseudonym)`,
   * so that nobody is counted by two of them, and none has to tell another whom it saw. Without it this is the only one.
   */
  among: z.object({ key: z.string().max(64), own: cloudId, others: z.array(cloudId).max(500) }).optional(),
});
export type PeopleGoal = z.infer<typeof peopleGoal>;

const entry = z.object({
  campaign: cloudId,
  campaignNo: z.int().min(1).max(0xffff_ffff),
  clip: sha256Hex,
  /** Share of the cell's touches, in parts per million; a cell's shares add up to at most 1,000,000. */
  sharePpm: z.int().min(0).max(1_000_000),
  /**
   * The same of all touches at this entrance, whatever the cell's segment; where it is named it counts instead. A cell's add up to at most 1,000,000 with those
   * of the other cells of its half-hour. Who does not know it takes `sharePpm` of the segment's part of the audience, which comes to the same.
   */
  touchSharePpm: z.int().min(0).max(1_000_000).optional(),
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
  /** This day of this community is held out: the entry takes its turn, and a house clip plays instead, which counts for nobody. */
  heldOut: z.literal(true).optional(),
  /** Of a line item that stops at so many people. With it `consent` is true, and each person is shown it once. */
  people: peopleGoal.optional(),
});
export type PlanEntry = z.infer<typeof entry>;

const cell = z.object({
  /** Start of the half-hour. */
  at: instantMs,
  entrance: cloudId,
  placement,
  event: touchEvent,
  segment,
  /** What a touch counts for the segment in this half-hour, in parts per million: nobody's segment is known. Without it as the plan's audience says. */
  worthPpm: z.int().min(0).max(1_000_000).optional(),
  /**
   * Whoever said to which group they belong (`group` of their credential) is a whole touch of it, and none of another. Only where ten or more of this segment did, so
   * that a count tells of nobody; a screen that does not know it counts them as everybody else.
   */
  exact: z.literal(true).optional(),
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
