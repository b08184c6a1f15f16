import { z } from 'zod';
import { documentKinds } from './desired.ts';
import { doorMode } from './door-config.ts';
import { base64url, cloudId, instantMs, sha256Hex, terminalId } from './fields.ts';

/**
 * Where a door stands. `released`: the lock is, the leaf has not moved yet; `forced`: opened by nobody we know; `fault`: its hardware does not answer or
 * contradicts itself. Without a contact a door is `closed` or `released`.
 */
export const doorState = z.enum(['closed', 'released', 'open', 'held-open', 'forced', 'fire-released', 'fault']);
export type DoorState = z.infer<typeof doorState>;

/** How the wire to a reader is kept: `plain` for one that was never paired; `insecure` cannot prove its key, and is not listened to. */
export const wireSecurity = z.enum(['none', 'plain', 'pairing', 'secured', 'insecure', 'offline']);
export type WireSecurity = z.infer<typeof wireSecurity>;

const doorStanding = z.object({
  entrance: cloudId,
  online: z.boolean(),
  state: doorState,
  mode: doorMode,
  readers: z.array(z.object({ address: z.int().min(0).max(126), wire: wireSecurity })).max(8),
});
export type DoorStanding = z.infer<typeof doorStanding>;

/** What stands on the screen, for the wall of all screens: nothing of who is there. */
export const screenStanding = z.object({
  /**
   * `playing`: a clip moves; `still`: a page is there without a clip; `emergency`: an emergency covers it; `dark`: a page is there and presents no
   * frame of the clip that it should; `absent`: no page is connected.
   */
  state: z.enum(['playing', 'still', 'emergency', 'dark', 'absent']),
  /** SHA-256 of the clip that was chosen last, and since when; null: none. */
  clip: sha256Hex.nullable(),
  since: instantMs.nullable(),
  muted: z.boolean(),
});
export type ScreenStanding = z.infer<typeof screenStanding>;

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
  /** Each door by itself; told at once when it changes. */
  doors: z.array(doorStanding).max(16).default([]),
  /** Absent of a terminal that does not tell yet. */
  screen: screenStanding.optional(),
});
export type Presence = z.infer<typeof presence>;

export const presenceEveryMs = 15_000;
