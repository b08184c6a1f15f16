import { z } from 'zod';
import { base64url, cloudId, instantMs, terminalId } from './fields.ts';
import { signature } from './desired.ts';

/**
 * What the door authority signs: bound to one terminal, one session of it and a deadline on that terminal's monotonic clock,
 * so that a stolen broker can neither forge, replay, delay nor cross-deliver it.
 */
export const command = z.object({
  v: z.literal(1),
  id: z.templateLiteral(['cmd_', z.string().regex(/^[0-9a-z]{20}$/)]),
  terminal: terminalId,
  session: base64url,
  notAfterMonoMs: z.int().nonnegative(),
  action: z.discriminatedUnion('kind', [
    /** `by` a resident, from a phone: refused in a lockdown, which the property's own order is not. */
    z.object({
      kind: z.literal('open'),
      entrance: cloudId,
      by: z.enum(['property', 'resident']).default('property'),
    }),
    z.object({ kind: z.literal('identify') }),
    /** Opens the pairing window of the entrance's readers and OSDP board: only inside it the default key is spoken. */
    z.object({ kind: z.literal('pair-readers'), entrance: cloudId }),
    /** A fresh key for each paired device of the entrance. */
    z.object({ kind: z.literal('rotate-keys'), entrance: cloudId }),
    /** The next card at the entrance's readers within {@link learningWindowMs} that does not open the door is told to the cloud. */
    z.object({ kind: z.literal('learn-card'), entrance: cloudId }),
  ]),
});
export type Command = z.infer<typeof command>;

export const commandContext = 'gatecast-command-v1';
export const commandLifeMs = 10_000;
/** How long a pairing window stays open. */
export const pairingWindowMs = 60_000;

/** How long a reader waits for the card that it is to learn. */
export const learningWindowMs = 60_000;

/**
 * `POST /v1/terminals/:id/learned-cards`: what a reader was shown after `learn-card`. The tag is the one that lists hold, so that the card's number
 * stays at the door; over HTTPS, because a broker must not be able to put one card in place of another.
 */
export const learnedCard = z.object({
  command: command.shape.id,
  epoch: z.int().nonnegative(),
  tag: base64url.length(43),
  format: z.enum(['w26', 'w34', 'raw']),
  /** The last four digits of its number, for whoever holds it in the hand. */
  last4: z.string().regex(/^[0-9A-F]{1,4}$/),
});
export type LearnedCard = z.infer<typeof learnedCard>;

/** Cloud → terminal on `…/down/command`. `payload` is the JSON text of a command, signed as it stands. */
export const signedCommand = z.object({ v: z.literal(1), payload: z.string().max(4_096), signature });
export type SignedCommand = z.infer<typeof signedCommand>;

export const commandStates = z.enum(['QUEUED', 'SENT', 'RECEIVED', 'EXECUTED', 'EXPIRED', 'REFUSED', 'UNKNOWN']);
export type CommandState = z.infer<typeof commandStates>;

/** Terminal → cloud on `…/up/command-state`. RECEIVED leaves only after the terminal's own commit. */
export const commandReport = z.object({
  v: z.literal(1),
  id: command.shape.id,
  terminal: terminalId,
  state: commandStates.extract(['RECEIVED', 'EXECUTED', 'EXPIRED', 'REFUSED', 'UNKNOWN']),
  reason: z.string().max(80).optional(),
  at: instantMs,
});
export type CommandReport = z.infer<typeof commandReport>;
