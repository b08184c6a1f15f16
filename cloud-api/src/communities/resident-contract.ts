import { z } from 'zod';
import { atMs, id, name, phone } from '../platform/contract.ts';

/** A day of the community's own calendar: `2026-11-23`. */
export const localDate = z.iso.date();

/** A resident's PIN: six to eight digits and not trivial; it is turned into a tag at once and never kept. */
const pin = z.string().regex(/^\d{6,8}$/);
/** Digits as typed at the keypad: `1203`. */
export const unitNumber = z.string().regex(/^[0-9]{1,6}$/);
export const building = z.string().trim().min(1).max(20);

export const relation = z.enum(['owner', 'tenant', 'family', 'landlord']);
export type Relation = z.infer<typeof relation>;
/** How long the door may stay open for somebody with a pram or a wheelchair. */
const openMs = z.int().min(1_000).max(30_000);

export const newResident = z
  .object({
    name,
    /** Only somebody under another's guardianship may have none; they cannot sign in then. */
    phone: phone.optional(),
    /** Made if it is new. */
    unit: unitNumber,
    building,
    pin: pin.optional(),
    relation: relation.default('owner'),
    leaseEndsOn: localDate.nullish(),
    isChild: z.boolean().optional(),
    /** Who agreed for them; of the same community. A child has one. */
    guardianId: id.nullish(),
    openMs: openMs.nullish(),
  })
  .refine((one) => one.phone !== undefined || (one.guardianId ?? null) !== null, {
    path: ['phone'],
    message: 'a phone, unless somebody is their guardian',
  });

export const residentPatch = z
  .object({
    name: name.optional(),
    phone: phone.optional(),
    relation: relation.optional(),
    leaseEndsOn: localDate.nullish(),
    openMs: openMs.nullish(),
    building: building.optional(),
    unit: unitNumber.optional(),
    isChild: z.boolean().optional(),
    guardianId: id.nullish(),
  })
  .refine((patch) => (patch.building === undefined) === (patch.unit === undefined), {
    path: ['unit'],
    message: 'building and unit go together',
  });

export const resident = z.object({
  id,
  communityId: id,
  unitId: id,
  building: z.string(),
  unit: z.string(),
  floor: z.int().nullable(),
  name: z.string(),
  /** `138****1234`; empty for somebody without a phone. */
  phoneMasked: z.string(),
  relation,
  leaseEndsOn: localDate.nullable(),
  state: z.enum(['active', 'moved-out']),
  movedInOn: localDate,
  movedOutAt: atMs.nullable(),
  isChild: z.boolean(),
  guardianId: id.nullable(),
  openMs: z.int().nullable(),
  hasPin: z.boolean(),
  hasDuressPin: z.boolean(),
});
export type Resident = z.infer<typeof resident>;

export const residentRecord = resident.extend({
  /** Who else lives in the unit, or did. */
  household: z.array(resident.pick({ id: true, name: true, relation: true, state: true })),
});
export type ResidentRecord = z.infer<typeof residentRecord>;

export const residentProfile = resident.extend({ communityName: z.string() });
export type ResidentProfile = z.infer<typeof residentProfile>;

export const setPin = z.object({ pin });
