import { z } from 'zod';
import { clockQuality, journalStreams } from './journal.ts';
import { base64url, cloudId, instantMs, terminalId } from './fields.ts';
import { agentModel } from './software.ts';

const bytes = z.int().nonnegative();
const count = z.int().nonnegative();

/** What is wrong on a terminal, worst first on every page. Stable: alarms, filters and runbooks use these words. */
export const healthIssue = z.enum([
  'disk-read-only',
  'disk-full',
  'disk-low',
  'journal-losing-rows',
  'journal-backlog',
  'door-hardware-silent',
  'clock-unknown',
  'clock-off',
  'screen-absent',
  'screen-stalled',
  'too-hot',
  'memory-high',
  'restarting-often',
  'document-refused',
  'update-refused',
]);
export type HealthIssue = z.infer<typeof healthIssue>;

const streamHealth = z.object({
  stream: journalStreams,
  /** Rows that the cloud has not confirmed. */
  rows: count,
  bytes,
  oldestAt: instantMs.nullable(),
  /** Rows dropped since the first claim. */
  lost: count,
});

const doorLinkHealth = z.object({
  entrance: cloudId,
  driver: z.enum(['osdp', 'modbus', 'mqtt']),
  online: z.boolean(),
  exchanges: count,
  /** Exchanges that timed out or came damaged, since the start. */
  failed: count,
});
export type DoorLinkHealth = z.infer<typeof doorLinkHealth>;

/**
 * Terminal → cloud, `PUT /v1/terminals/:id/health`: at connect, every {@link healthEveryMs}, and at once when `issues` changes. The newest
 * replaces the one before. Null: this machine cannot say.
 */
export const healthReport = z.object({
  v: z.literal(1),
  terminal: terminalId,
  at: instantMs,
  agentVersion: z.string().max(40),
  /** What releases for this machine are built for; absent where nobody has told it. */
  model: agentModel.optional(),
  /** As in the journal: random per start of the agent. */
  boot: base64url,
  uptimeMs: count,
  disk: z.object({ totalBytes: bytes.nullable(), freeBytes: bytes.nullable(), writable: z.boolean() }),
  memory: z.object({ rssBytes: bytes, freeBytes: bytes }),
  temperatureC: z.number().min(-100).max(200).nullable(),
  clock: z.object({
    quality: clockQuality,
    /** The machine's clock less the cloud's, ms. */
    offsetMs: z.int().nullable(),
    ntp: z.enum(['synced', 'unsynced', 'unknown']),
  }),
  screen: z.object({ connected: z.boolean(), lastFrameAt: instantMs.nullable() }),
  doors: z.array(doorLinkHealth).max(16),
  journal: z.array(streamHealth).max(3),
  uplink: z.object({ reconnects: count, lastAckAt: instantMs.nullable() }),
  issues: z.array(healthIssue).max(healthIssue.options.length),
});
export type HealthReport = z.infer<typeof healthReport>;

export const healthEveryMs = 300_000;
