import { z } from 'zod';
import { geoPoint, id, name, placement } from '../platform/contract.ts';
import { childrenPassMax } from './children-pass.ts';
import { newAccount } from '../identity/contract.ts';

export const newPropertyCompany = z.object({ name, manager: newAccount });
export const propertyCompany = z.object({ id, name });
export type PropertyCompany = z.infer<typeof propertyCompany>;

/** Shares of the households, in parts per million; what they leave over counts as nobody in particular. */
const profile = z.object({
  families: z.int().min(0).max(1_000_000),
  commuters: z.int().min(0).max(1_000_000),
  elderly: z.int().min(0).max(1_000_000),
});

const minutesOfDay = 1_440;
const childrenPass = z
  .array(
    z
      .object({ fromMinute: z.int().min(0).max(minutesOfDay), toMinute: z.int().min(0).max(minutesOfDay) })
      .refine(({ fromMinute, toMinute }) => fromMinute < toMinute, { message: 'a span ends after it begins' }),
  )
  .max(childrenPassMax);

export const newCommunity = z.object({
  name,
  zone: z.string().max(60),
  propertyCompanyId: id,
  households: z.int().min(1).max(100_000),
  profile,
  /** Where its main gate is. */
  location: geoPoint.nullish(),
});
export const community = z.object({
  id,
  name: z.string(),
  zone: z.string(),
  propertyCompanyId: id,
  households: z.int(),
  profile,
  /** Where its main gate is; null: nobody has said. */
  location: geoPoint.nullable(),
  /** Days for which the access log names people. */
  logDays: z.int(),
  /** Whom somebody at a door can call, as its screen shows it; null: none is shown. */
  officePhone: z.string().nullable(),
  /** No screen of the community is louder, whatever is set for it. */
  volumeCapPercent: z.int(),
  /** In so many hours a complaint about a screen is to be answered. */
  complaintHours: z.int(),
  /** Local minutes of the day, half-open, in which children pass its doors: adverts that are not for them are not shown then. */
  childrenPass,
});
export type Community = z.infer<typeof community>;

/** As people write it: digits, spaces, brackets and hyphens. */
const officePhone = z
  .string()
  .trim()
  .regex(/^\+?[0-9][0-9 ()-]{2,38}$/);
export const communityPatch = z.object({
  name: name.optional(),
  logDays: z.int().min(30).max(180).optional(),
  officePhone: officePhone.nullable().optional(),
  volumeCapPercent: z.int().min(0).max(100).optional(),
  complaintHours: z.int().min(1).max(240).optional(),
  childrenPass: childrenPass.optional(),
  location: geoPoint.nullable().optional(),
});

export const newEntrance = z.object({ name, placement });
/** What it showed is counted by where it is; that stays. */
export const entrancePatch = z.object({ name });
export const entrance = z.object({ id, communityId: id, name: z.string(), placement });
export type Entrance = z.infer<typeof entrance>;
