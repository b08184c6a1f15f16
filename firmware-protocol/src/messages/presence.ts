import { z } from 'zod';
import { base64url, instantMs, terminalId } from './fields.ts';
import { documentKinds } from './desired.ts';

/**
 * Terminal → cloud on `…/up/presence`, at connect and every 15 s; the will carries `online: false`.
 * `monoMs` is the terminal's monotonic clock at sending: commands name their deadline on that clock.
 */
export const presence = z.object({
  v: z.literal(1),
  terminal: terminalId,
  online: z.boolean(),
  /** Random, new at each connection; a command for another session is void. */
  session: base64url,
  monoMs: z.int().nonnegative(),
  at: instantMs,
  agentVersion: z.string().max(40),
  /** Version of each document that is in force; absent before the first. */
  applied: z.partialRecord(documentKinds, z.int().positive()),
  /** True while the door hardware answers. */
  doorOnline: z.boolean(),
});
export type Presence = z.infer<typeof presence>;

export const presenceEveryMs = 15_000;
