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
    /** Starts the agent's program again, or the machine it runs on. The door's hardware goes on by itself meanwhile. */
    z.object({ kind: z.literal('reboot'), what: z.enum(['agent', 'machine']) }),
    /** A picture of what the screen shows now, brought to the cloud as a JPEG. */
    z.object({ kind: z.literal('capture-screenshot') }),
    /** The newest lines of the agent's own log, redacted on the terminal. */
    z.object({ kind: z.literal('pull-logs'), maxKb: z.int().min(1).max(256) }),
    /** A short tone on the screen's speaker, this loud whatever the hour says. */
    z.object({ kind: z.literal('test-speaker'), volumePercent: z.int().min(1).max(100) }),
    /** Asks for documents, time and journal as after a start, also for what had failed. */
    z.object({ kind: z.literal('re-sync') }),
  ]),
});
export type Command = z.infer<typeof command>;

/** What every command says, known to a terminal or not: a kind that is newer than the terminal is refused as `unsupported`. */
export const commandHeader = command.omit({ action: true });

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

/**
 * What some commands bring: the body of `POST /v1/terminals/:id/command-files?command=`, before the terminal says EXECUTED. A screenshot
 * is a JPEG, logs are the agent's lines, one JSON object each, in UTF-8.
 */
export const commandFileTypes = {
  'capture-screenshot': 'image/jpeg',
  'pull-logs': 'application/x-ndjson',
} as const satisfies Partial<Record<Command['action']['kind'], string>>;
export type CommandFileKind = keyof typeof commandFileTypes;
/** Longest file of a command. */
export const commandFileBytesMax = 512 * 1024;

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
