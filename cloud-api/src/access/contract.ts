import { doorAlarm } from '@gatecast/firmware-protocol/messages';
import { z } from 'zod';
import { atMs, id } from '../platform/contract.ts';

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
