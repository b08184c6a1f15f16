import { z } from 'zod';
import { id, name, phone, placement } from '../platform/contract.ts';
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

export const newCommunity = z.object({
  name,
  zone: z.string().max(60),
  propertyCompanyId: id,
  households: z.int().min(1).max(100_000),
  profile,
});
export const community = z.object({
  id,
  name: z.string(),
  zone: z.string(),
  propertyCompanyId: id,
  households: z.int(),
  profile,
});
export type Community = z.infer<typeof community>;

export const newEntrance = z.object({ name, placement });
export const entrance = z.object({ id, communityId: id, name: z.string(), placement });
export type Entrance = z.infer<typeof entrance>;

/** A resident's PIN: six to eight digits and not trivial; it is turned into a tag at once and never kept. */
const pin = z.string().regex(/^\d{6,8}$/);
const unitNumber = z.string().regex(/^[0-9]{1,6}$/);

export const newResident = z.object({
  name,
  phone,
  /** Digits as typed at the keypad: `1203`. Made if it is new. */
  unit: unitNumber,
  building: z.string().max(20),
  pin: pin.optional(),
});
export const resident = z.object({
  id,
  communityId: id,
  name: z.string(),
  /** `138****1234` */
  phoneMasked: z.string(),
  unit: z.string(),
  building: z.string(),
  hasPin: z.boolean(),
});
export type Resident = z.infer<typeof resident>;
export const setPin = z.object({ pin });
