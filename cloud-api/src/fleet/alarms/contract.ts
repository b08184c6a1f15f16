import { z } from 'zod';
import { atMs, id, name, pageQuery } from '../../platform/contract.ts';
import { alarmKinds, severities } from './alarm-kinds.ts';

const kind = z.enum(alarmKinds);
const severity = z.enum(severities);

/** `GET /v1/fleet/alarms`: what is or was wrong with the fleet; the worst of what is not over first, then the newest. */
export const fleetAlarm = z.object({
  id,
  kind,
  severity,
  state: z.enum(['raised', 'ended']),
  /** Its first sign. */
  since: atMs,
  raisedAt: atMs,
  endedAt: atMs.nullable(),
  /** How many terminals it is about. */
  terminals: z.int(),
  /** Null where it is about many, or none. */
  terminalId: id.nullable(),
  terminalName: z.string().nullable(),
  /** The door that it stands at. */
  entranceName: z.string().nullable(),
  communityId: id.nullable(),
  communityName: z.string().nullable(),
  facts: z.record(z.string(), z.union([z.string(), z.number(), z.null()])),
  /** How often it came back before it was over for a while. */
  returns: z.int(),
  /** Nobody is told of it now, as somebody wanted. */
  silenced: z.boolean(),
  ackedAt: atMs.nullable(),
  /** The colleague's name. */
  ackedBy: z.string().nullable(),
  note: z.string().nullable(),
  /** What to do about it: a page of the console. */
  runbook: z.string(),
});
export type FleetAlarm = z.infer<typeof fleetAlarm>;
export const fleetAlarmQuery = pageQuery.extend({
  state: z.enum(['open', 'ended']).default('open'),
  kind: kind.optional(),
  severity: severity.optional(),
  terminalId: id.optional(),
});

/** `POST /v1/fleet/alarms/:id/ack` */
export const fleetAlarmAck = z.object({ note: z.string().trim().max(300).optional() });

/** `POST /v1/fleet/silences`: nobody is told of such alarms for a while. What is null means any. */
export const newSilence = z.object({
  kind: kind.nullable(),
  terminalId: id.nullable(),
  communityId: id.nullable(),
  minutes: z.int().min(5).max(43_200),
  reason: z.string().trim().min(1).max(300),
});
export const silence = z.object({
  id,
  kind: kind.nullable(),
  terminalId: id.nullable(),
  terminalName: z.string().nullable(),
  communityId: id.nullable(),
  communityName: z.string().nullable(),
  from: atMs,
  until: atMs,
  reason: z.string(),
  /** The colleague's name. */
  by: z.string().nullable(),
});
export type Silence = z.infer<typeof silence>;

const phoneNumber = z.string().regex(/^\+?\d{6,15}$/);
/** `POST /v1/fleet/channels` */
export const newChannel = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('webhook'), name, leastSeverity: severity, url: z.url().max(500) }),
  z.object({ kind: z.literal('sms'), name, leastSeverity: severity, phones: z.array(phoneNumber).min(1).max(10) }),
]);
export type NewChannel = z.input<typeof newChannel>;
export const channelPatch = z.object({
  name: name.optional(),
  leastSeverity: severity.optional(),
  enabled: z.boolean().optional(),
});
export const channel = z.object({
  id,
  kind: z.enum(['webhook', 'sms']),
  name: z.string(),
  url: z.string().nullable(),
  /** The last four digits of each. */
  phones: z.array(z.string()).readonly(),
  leastSeverity: severity,
  enabled: z.boolean(),
  /** Of the last message, tests included. */
  last: z.object({ at: atMs, result: z.enum(['delivered', 'failed', 'held-back']), detail: z.string() }).nullable(),
});
export type Channel = z.infer<typeof channel>;
/** The secret with which a webhook's messages are signed, shown once, here; null for texts. */
export const channelCreated = z.object({ channel, secret: z.string().nullable() });
export type ChannelCreated = z.infer<typeof channelCreated>;
