import { z } from 'zod';
import { atMs, id, name, placement } from '../platform/contract.ts';

export const newTerminal = z.object({ communityId: id, entranceId: id, name });
/** The claim code is shown once, here, and typed (or passed) to the terminal. */
export const newTerminalCreated = z.object({ id, claimCode: z.string(), claimExpiresAt: atMs });
export type NewTerminalCreated = z.infer<typeof newTerminalCreated>;

const documentState = z.object({
  /** Newest version made; null before the first. */
  desired: z.int().nullable(),
  /** Version in force on the terminal. */
  applied: z.int().nullable(),
  /** `applied`: both are equal; `failed`: the newest was refused, the last good one stays in force. */
  state: z.enum(['none', 'pending', 'applied', 'failed']),
  reason: z.string().nullable(),
  appliedAt: atMs.nullable(),
});
export type DocumentState = z.infer<typeof documentState>;

const dailyWindow = z.object({
  fromMinute: z.int().min(0).max(1439),
  toMinute: z.int().min(0).max(1439),
});

const terminalSettings = z.object({
  openMs: z.int().min(500).max(30_000).multipleOf(100),
  quiet: dailyWindow,
  volumePercent: z.int().min(0).max(100),
});
export type TerminalSettings = z.infer<typeof terminalSettings>;
/** `PATCH /v1/terminals/:id/config` */
export const terminalSettingsPatch = terminalSettings.partial();

export const terminal = z.object({
  id,
  name: z.string(),
  communityId: id,
  communityName: z.string(),
  entranceId: id,
  entranceName: z.string(),
  placement,
  zone: z.string(),
  status: z.enum(['unclaimed', 'active', 'revoked']),
  online: z.boolean(),
  doorOnline: z.boolean(),
  lastSeenAt: atMs.nullable(),
  agentVersion: z.string().nullable(),
  settings: terminalSettings,
  documents: z.object({
    config: documentState,
    access: documentState,
    plan: documentState,
    media: documentState,
  }),
});
export type Terminal = z.infer<typeof terminal>;

export const newCommand = z.object({ kind: z.enum(['open', 'identify']) });
export const commandRecord = z.object({
  id,
  terminalId: id,
  kind: z.enum(['open', 'identify']),
  state: z.enum(['QUEUED', 'SENT', 'RECEIVED', 'EXECUTED', 'EXPIRED', 'REFUSED', 'UNKNOWN']),
  reason: z.string().nullable(),
  /** When each state was reached. */
  times: z.record(z.string(), atMs),
});
export type CommandRecord = z.infer<typeof commandRecord>;
