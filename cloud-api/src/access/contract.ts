import { doorAlarm } from '@gatecast/firmware-protocol/messages';
import { z } from 'zod';
import { atMs, id, pageQuery } from '../platform/contract.ts';

const eventKind = z.enum(['opened', 'refused', 'exit', 'fire', 'mode', 'reader', ...doorAlarm.options]);
const eventVia = z.enum(['pin', 'code', 'card', 'qr', 'remote', 'exit', 'fire']);
const eventPerson = z.enum(['resident', 'visitor', 'child', 'staff', 'courier', 'maintenance', 'emergency']);

/** One row of the access log. */
export const accessEvent = z.object({
  id: z.string(),
  terminalId: id,
  terminalName: z.string(),
  entranceId: id,
  entranceName: z.string(),
  /** An alarm is there once when it is raised and once, with the reason `over`, when it ends. `duress` is shown to the property alone. */
  kind: eventKind,
  via: eventVia.nullable(),
  /** Why it was refused; `active` or `over` of fire, `over` of an alarm that ended; which mode; what became of a reader. */
  reason: z.string().nullable(),
  /** Who it was, while the record is kept; null when nobody is named. */
  who: z
    .object({
      person: eventPerson,
      name: z.string(),
      unit: z.string().nullable(),
      /** Null for passes, and always for guards. */
      residentId: id.nullable(),
    })
    .nullable(),
  pulseMs: z.int().nullable(),
  at: atMs,
  receivedAt: atMs,
  seq: z.int(),
});
export type AccessEvent = z.infer<typeof accessEvent>;

/** Which rows of the log; all of it must hold. */
export const accessEventFilter = z.object({
  terminalId: id.optional(),
  communityId: id.optional(),
  entranceId: id.optional(),
  residentId: id.optional(),
  kind: eventKind.optional(),
  via: eventVia.optional(),
  person: eventPerson.optional(),
  search: z
    .string()
    .trim()
    .min(1)
    .max(60)
    .optional()
    .describe('part of a resident’s name or place, or of a pass’s label'),
  /** Half-open, by the terminal's clock. */
  from: z.coerce.number().pipe(atMs).optional(),
  to: z.coerce.number().pipe(atMs).optional(),
});
/** `GET /v1/access-events` */
export const accessEventQuery = pageQuery.extend(accessEventFilter.shape);
