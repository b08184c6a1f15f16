import { doorAlarm } from '@gatecast/firmware-protocol/messages';
import { z } from 'zod';
import { atMs, id, pageQuery } from '../platform/contract.ts';

/** What can be raised at a door; `duress` is told to the property alone. */
const alarmKind = z.enum(['fire', ...doorAlarm.exclude(['door-online']).options]);

/** One raising of an alarm, from its beginning to its end. Raised again, it is another. */
export const alarm = z.object({
  /** The row of the terminal's journal that raised it. */
  id: z.string(),
  kind: alarmKind,
  communityId: id,
  terminalId: id,
  terminalName: z.string(),
  entranceId: id,
  entranceName: z.string(),
  at: atMs,
  /** Null while it lasts, and for what is about a moment: wrong codes, passback, duress, a storm of codes. A call for help ends when it is answered. */
  endedAt: atMs.nullable(),
  /** Whose credential it was; to the property alone. */
  who: z.object({ name: z.string(), unit: z.string().nullable() }).nullable(),
  ackedAt: atMs.nullable(),
  /** Name of the account. */
  ackedBy: z.string().nullable(),
  note: z.string().nullable(),
});
export type Alarm = z.infer<typeof alarm>;

/** `GET /v1/alarms`. `open`: nobody has acknowledged it, or it lasts on. Newest first. */
export const alarmQuery = pageQuery.extend({
  communityId: id.optional(),
  terminalId: id.optional(),
  kind: alarmKind.optional(),
  state: z.enum(['open', 'all']).default('open'),
});

/** `GET /v1/alarm-counts`: for a badge. */
export const alarmCounts = z.object({
  /** Not acknowledged; at most 1,000 are counted. */
  unacknowledged: z.int(),
  /** Calls for help among them. */
  help: z.int(),
});
export type AlarmCounts = z.infer<typeof alarmCounts>;

/** `POST /v1/alarms/:id/ack`. The first who does it stands in the record; again changes nothing but an empty note. */
export const alarmAck = z.object({ note: z.string().trim().max(300).optional() });
