import { z } from 'zod';
import { atMs, id, name } from '../platform/contract.ts';
import { delivered } from './credential-contract.ts';

/** Whom a pass is for. */
export const passPerson = z.enum(['visitor', 'courier', 'staff', 'maintenance', 'emergency']);
export type PassPerson = z.infer<typeof passPerson>;

const hoursAfter = z.int().min(1).max(8_784);
const openMs = z.int().min(500).max(30_000).multipleOf(100);

/** A pass: for a window, some entrances (null: all) and a number of uses (null: as many as they like). */
export const newPass = z.object({
  communityId: id,
  person: passPerson.default('visitor'),
  label: name,
  entranceIds: z.array(id).min(1).max(64).nullable(),
  from: atMs,
  /** Null: until it is revoked. */
  to: atMs.nullable(),
  uses: z.int().min(1).max(1_000).nullable(),
  scheduleId: id.nullable().optional(),
  /** Longer than the door's own time. */
  openMs: openMs.nullable().optional(),
  /** It has to be used once within so many hours of `from`. */
  firstUseWithinHours: hoursAfter.nullable().optional(),
  /** It ends so many hours after its first use. */
  lastsHours: hoursAfter.nullable().optional(),
});
export type NewPass = z.output<typeof newPass>;

export const pass = z.object({
  id,
  communityId: id,
  person: passPerson,
  label: z.string(),
  entranceIds: z.array(id).nullable(),
  from: atMs,
  to: atMs.nullable(),
  uses: z.int().nullable(),
  scheduleId: id.nullable(),
  openMs: z.int().nullable(),
  firstUseWithinHours: z.int().nullable(),
  lastsHours: z.int().nullable(),
  /** The resident who invited. */
  host: z.object({ residentId: id, name: z.string(), unit: z.string() }).nullable(),
  state: z.enum(['scheduled', 'active', 'used-up', 'expired', 'revoked']),
  /** As far as the doors have told. */
  usedCount: z.int(),
  lastUsedAt: atMs.nullable(),
  /** What opens with it; `code` and `qr` were shown once, when it was made. */
  has: z.object({ code: z.boolean(), qr: z.boolean(), cards: z.int() }),
  /** Its typed code opens at a terminal that has heard nothing from us since the pass was made. The QR always does. */
  codeWorksOffline: z.boolean(),
  delivered,
  createdAt: atMs,
});
export type Pass = z.infer<typeof pass>;

/** The code and the QR's text are in this answer only; nobody can read them later. The code is typed as `code#`. */
export const passCreated = pass.extend({ code: z.string().regex(/^\d{8,10}$/), qr: z.string().nullable() });
export type PassCreated = z.infer<typeof passCreated>;

/** The lengths of a resident's own passes, in hours. */
export const ownPassHours = z.literal([1, 2, 4, 8, 12, 24, 48, 72, 168]);
export const newOwnPass = z.object({
  label: name,
  from: z.union([z.literal('now'), atMs]),
  hours: ownPassHours,
  uses: z.literal(1).nullable(),
});
export type NewOwnPass = z.output<typeof newOwnPass>;

/** `toMinute` before `fromMinute` runs over midnight and belongs to the day it begins on; both equal is the whole day. */
const scheduleWindow = z.object({
  /** ISO weekdays, 1 is Monday; 8 stands for a holiday, on which no weekday counts. */
  days: z
    .array(z.int().min(1).max(8))
    .min(1)
    .max(8)
    .refine((days) => new Set(days).size === days.length, 'a day stands once'),
  fromMinute: z.int().min(0).max(1439),
  toMinute: z.int().min(0).max(1439),
  /** Null: every entrance that the pass opens. */
  entranceIds: z.array(id).min(1).max(64).nullable(),
});

/** When somebody may come, in the community's zone. */
export const newAccessSchedule = z.object({ name, windows: z.array(scheduleWindow).min(1).max(64) });
export type NewAccessSchedule = z.output<typeof newAccessSchedule>;
export const accessSchedule = z.object({
  id,
  communityId: id,
  name: z.string(),
  windows: z.array(scheduleWindow),
  /** Passes that are neither revoked nor over. */
  inUse: z.int(),
});
export type AccessSchedule = z.infer<typeof accessSchedule>;

/** Which generation of keys passes are made with from now on. */
export const passKeysRolled = z.object({ generation: z.int().positive() });
export type PassKeysRolled = z.infer<typeof passKeysRolled>;
