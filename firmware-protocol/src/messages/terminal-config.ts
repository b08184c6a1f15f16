import { z } from 'zod';
import { base64url, cloudId, dailyWindow, placement, zoneName } from './fields.ts';

export const pulseMsMin = 500;
export const pulseMsMax = 30_000;

/** One door that the terminal drives. The hardware times the pulse. */
export const doorConfig = z.object({
  /** The entrance that the door belongs to. */
  entrance: cloudId,
  name: z.string().max(60),
  placement,
  osdpAddress: z.int().min(0).max(126),
  /** Output of the lock, inputs of the contact, the exit button and the fire line; null where there is none. */
  lockOutput: z.int().min(0).max(31),
  contactInput: z.int().min(0).max(31).nullable(),
  exitInput: z.int().min(0).max(31).nullable(),
  fireInput: z.int().min(0).max(31).nullable(),
  /** How long the lock stays released after an ordinary opening. OSDP times in steps of 100 ms. */
  openMs: z.int().min(pulseMsMin).max(pulseMsMax).multipleOf(100),
  /** A door open longer than this raises `held-open`. */
  heldOpenMs: z.int().min(5_000).max(600_000),
});
export type DoorConfig = z.infer<typeof doorConfig>;

/** Body of the `config` document. Signed: it says which output opens and for how long. */
export const terminalConfig = z.object({
  communityName: z.string().max(80),
  zone: zoneName,
  doors: z.array(doorConfig).min(1).max(16),
  screen: z.object({
    /** Silent in this daily window, in the community's zone. */
    quiet: dailyWindow,
    volumePercent: z.int().min(0).max(100),
  }),
  shortLinks: z.object({
    /** `https://…/q/`, to which the token is appended. */
    base: z.url(),
    terminalNo: z.int().min(1).max(0xffff_ffff),
    /** The terminal's key for its QR links, sealed to the terminal. */
    sealedKey: base64url,
  }),
});
export type TerminalConfig = z.infer<typeof terminalConfig>;
