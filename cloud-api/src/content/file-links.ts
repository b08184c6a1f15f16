import { createHmac, timingSafeEqual } from 'node:crypto';
import { hours, type Clock } from '@gatecast/firmware-protocol';
import { z } from 'zod';
import type { Reads } from '../platform/db/store.ts';
import { refusal } from '../platform/errors.ts';
import { platformOwner, type Signer } from '../platform/keys/signer.ts';

/** What `sign` puts behind a path. */
export const linkQuery = z.object({ expires: z.coerce.number().int().positive(), signature: z.string().max(100) });

const fileLinkLifeMs = hours(1);

/** Addresses that a picture or video element can load: they carry their own proof instead of a session. */
export interface FileLinks {
  sign(q: Reads, path: string): Promise<string>;
  /** Throws `bad-file-link`. */
  check(q: Reads, path: string, query: { readonly expires: number; readonly signature: string }): Promise<void>;
}

export function createFileLinks(signer: Signer, clock: Clock): FileLinks {
  const signatureOf = async (q: Reads, path: string, expires: number): Promise<Buffer> => {
    const key = await signer.derive(q, 'file-link', platformOwner, 'clips');
    return createHmac('sha256', key).update(`${path}|${expires}`).digest();
  };
  return {
    async sign(q, path) {
      // In steps of a quarter of the life, so that a page that reloads finds the picture in its cache.
      const step = fileLinkLifeMs / 4;
      const expires = Math.ceil((clock.now() + fileLinkLifeMs) / step) * step;
      const signature = await signatureOf(q, path, expires);
      return `${path}?expires=${expires}&signature=${signature.toString('base64url')}`;
    },
    async check(q, path, { expires, signature }) {
      const given = Buffer.from(signature, 'base64url');
      const expected = await signatureOf(q, path, expires);
      const isGood = given.length === expected.length && timingSafeEqual(given, expected);
      if (!isGood || expires < clock.now()) throw refusal('bad-file-link', 'this link is not ours or too old');
    },
  };
}
