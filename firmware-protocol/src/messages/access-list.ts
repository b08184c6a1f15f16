import { z } from 'zod';
import { floorNo } from './door-config.ts';
import { base64url, cloudId, instantMs, personClass, zoneName } from './fields.ts';

/**
 * How a code is stored. Both are base64url of HMAC-SHA256 under the community's PIN key of `epoch`:
 * - `unit-pin`, typed `UNIT*PIN#`: over `pinPreimage`, so that equal PINs of two people look different
 * - `code`, typed `CODE#`: over `codePreimage`, so that the code finds its credential without knowing a name
 */
export const pinPreimage = (credential: string, pin: string): string => `pin|${credential}|${pin}`;
export const codePreimage = (code: string): string => `code|${code}`;

const shared = {
  id: cloudId,
  person: personClass,
  /** Entrances it opens; null means every entrance of this terminal. */
  entrances: z.array(cloudId).max(64).nullable(),
  /** Half-open window of validity; null means no limit on that side. */
  from: instantMs.nullable(),
  to: instantMs.nullable(),
  /** How often it opens in all; null means without limit. */
  uses: z.int().positive().nullable(),
  /** Longer than the door's own time for those who need it; null means the door's time. */
  openMs: z.int().min(500).max(30_000).multipleOf(100).nullable(),
  /** Floors that a lift releases for it, besides those that are free for all. */
  floors: z.union([z.literal('all'), z.array(floorNo).max(64)]).default([]),
  /** Opens as usual, and tells the property that it was typed under threat. */
  duress: z.boolean().default(false),
  epoch: z.int().nonnegative(),
  tag: base64url.length(43),
};

export const credential = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('unit-pin'), unit: z.string().regex(/^[0-9]{1,6}$/), ...shared }),
  z.object({ kind: z.literal('code'), ...shared }),
]);
export type Credential = z.infer<typeof credential>;

export const credentialsMax = 50_000;

/** Body of the `access` document. Applied whole or not at all. */
export const accessList = z.object({
  zone: zoneName,
  /** PIN keys by epoch, each sealed to the terminal. */
  pinKeys: z.array(z.object({ epoch: z.int().nonnegative(), sealed: base64url })).max(16),
  credentials: z.array(credential).max(credentialsMax),
  /** Credentials refused even when an older list that still grants them is in force. */
  deny: z.array(cloudId).max(credentialsMax),
});
export type AccessList = z.infer<typeof accessList>;
