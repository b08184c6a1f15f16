import { doorAlarm } from '@gatecast/firmware-protocol/messages';
import { z } from 'zod';
import { atMs, id, name } from '../platform/contract.ts';

/** A visitor's code: for a window, some entrances (null: all) and a number of uses (null: as many as they like). */
export const newPass = z.object({
  communityId: id,
  label: name,
  entranceIds: z.array(id).max(64).nullable(),
  from: atMs,
  to: atMs,
  uses: z.int().min(1).max(1_000).nullable(),
});
export const pass = z.object({
  id,
  communityId: id,
  label: z.string(),
  entranceIds: z.array(id).nullable(),
  from: atMs,
  to: atMs,
  uses: z.int().nullable(),
  state: z.enum(['scheduled', 'active', 'expired', 'revoked']),
  /** Terminals that have the list with this pass in force, of those that should. */
  delivered: z.object({ terminals: z.int(), of: z.int() }),
  createdAt: atMs,
});
export type Pass = z.infer<typeof pass>;
/** The code is in this answer only; nobody can read it later. Typed as `code#`. */
export const passCreated = pass.extend({ code: z.string().regex(/^\d{8}$/) });
export type PassCreated = z.infer<typeof passCreated>;

/** One row of the access log. */
export const accessEvent = z.object({
  id: z.string(),
  terminalId: id,
  terminalName: z.string(),
  entranceId: id,
  entranceName: z.string(),
  /** An alarm is there once when it is raised and once, with the reason `over`, when it ends. `duress` is shown to the property alone. */
  kind: z.enum(['opened', 'refused', 'exit', 'fire', 'mode', 'reader', ...doorAlarm.options]),
  via: z.enum(['pin', 'code', 'card', 'qr', 'remote', 'exit', 'fire']).nullable(),
  /** Why it was refused; `active` or `over` of fire, `over` of an alarm that ended; which mode; what became of a reader. */
  reason: z.string().nullable(),
  /** Who it was, while the record is kept; null when nobody is named. */
  who: z
    .object({
      person: z.enum(['resident', 'visitor', 'child', 'staff', 'courier', 'maintenance', 'emergency']),
      name: z.string(),
      unit: z.string().nullable(),
    })
    .nullable(),
  pulseMs: z.int().nullable(),
  at: atMs,
  receivedAt: atMs,
  seq: z.int(),
});
export type AccessEvent = z.infer<typeof accessEvent>;
