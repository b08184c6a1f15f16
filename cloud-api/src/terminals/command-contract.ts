import { commandStates, type Command } from '@gatecast/firmware-protocol/messages';
import { z } from 'zod';
import { accountRoles, atMs, id } from '../platform/contract.ts';

/**
 * `pair-readers` lets the entrance's readers be given their keys for a minute; `rotate-keys` gives each a new one; `learn-card` makes the next card
 * within a minute be told instead of judged. `capture-screenshot` and `pull-logs` bring a file: `GET /v1/commands/:id/file`.
 */
export const commandKind = z.enum([
  'open',
  'identify',
  'pair-readers',
  'rotate-keys',
  'learn-card',
  'reboot',
  'capture-screenshot',
  'pull-logs',
  'test-speaker',
  're-sync',
]) satisfies z.ZodType<Command['action']['kind']>;
export type CommandKind = z.infer<typeof commandKind>;
const withOptions = ['reboot', 'pull-logs', 'test-speaker'] as const satisfies readonly CommandKind[];

/** `POST /v1/terminals/:id/commands` */
export const newCommand = z.discriminatedUnion('kind', [
  z.object({ kind: commandKind.exclude(withOptions) }),
  /** `machine`: the operator alone, who can send somebody when it does not come back. */
  z.object({ kind: z.literal('reboot'), what: z.enum(['agent', 'machine']).default('agent') }),
  z.object({ kind: z.literal('pull-logs'), maxKb: z.int().min(1).max(256).default(64) }),
  z.object({ kind: z.literal('test-speaker'), volumePercent: z.int().min(1).max(100).default(50) }),
]);
export type NewCommand = z.output<typeof newCommand>;

const commandOptions = z.object({
  what: z.enum(['agent', 'machine']).optional(),
  maxKb: z.int().optional(),
  volumePercent: z.int().optional(),
});
export type CommandOptions = z.infer<typeof commandOptions>;

const commandFile = z.object({
  mediaType: z.enum(['image/jpeg', 'application/x-ndjson']),
  size: z.int(),
  /** Deleted then. */
  keptUntil: atMs,
});

export const commandRecord = z.object({
  id,
  terminalId: id,
  kind: commandKind,
  options: commandOptions.nullable(),
  state: commandStates,
  reason: z.string().nullable(),
  /** When each state was reached; one that was skipped, or whose report got lost, has no time. */
  times: z.record(z.string(), atMs),
  /** What was learned, once a reader was shown it. */
  card: z.object({ format: z.enum(['w26', 'w34', 'raw']), last4: z.string() }).nullable(),
  /** What it brought, while that is kept. */
  file: commandFile.nullable(),
});
export type CommandRecord = z.infer<typeof commandRecord>;

/** One row of `GET /v1/terminals/:id/commands`. */
export const listedCommand = commandRecord.extend({
  queuedAt: atMs,
  /** Who gave it; a resident and an account that is gone have no name. */
  by: z.object({ role: z.enum(accountRoles), name: z.string().nullable() }).nullable(),
});
export type ListedCommand = z.infer<typeof listedCommand>;
