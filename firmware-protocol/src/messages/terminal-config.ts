import { z } from 'zod';
import { doorConfig } from './door-config.ts';
import { base64url, dailyWindow, zoneName } from './fields.ts';

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
