import { z } from 'zod';
import { doorConfig } from './door-config.ts';
import { mediaTerms, usualMediaTerms } from './media-manifest.ts';
import { base64url, dailyWindow, instantMs, zoneName } from './fields.ts';

/** Body of the `config` document. Signed: it says which output opens and for how long. */
export const terminalConfig = z.object({
  communityName: z.string().max(80),
  zone: zoneName,
  doors: z.array(doorConfig).min(1).max(16),
  screen: z.object({
    /** Silent in this daily window, in the community's zone. */
    quiet: dailyWindow,
    volumePercent: z.int().min(0).max(100),
    /** How bright outside and inside the quiet window; 100 is all that the panel has. */
    brightnessPercent: z.int().min(10).max(100).default(100),
    dimPercent: z.int().min(10).max(100).default(60),
    /** Somebody wants the screen to be silent until then. */
    mutedUntil: instantMs.nullable().default(null),
    /** Whom somebody at the door can call; null: no number is shown. */
    officePhone: z.string().max(40).nullable().default(null),
    /** Where a phone says what somebody has against the screen; null: no code for it is shown. */
    complaintUrl: z.url().max(200).nullable().default(null),
  }),
  /** When and how fast clips are fetched. (Protocol 5.) */
  media: mediaTerms.default(usualMediaTerms),
  shortLinks: z.object({
    /** `https://…/q/`, to which the token is appended. */
    base: z.url(),
    terminalNo: z.int().min(1).max(0xffff_ffff),
    /** The terminal's key for its QR links, sealed to the terminal. */
    sealedKey: base64url,
  }),
});
export type TerminalConfig = z.infer<typeof terminalConfig>;
