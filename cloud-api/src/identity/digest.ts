import { createHash, timingSafeEqual } from 'node:crypto';

/** For random tokens, which need no salt and no slowness. */
export const sha256 = (text: string): string => createHash('sha256').update(text).digest('base64url');

/** Compares in a time that tells nothing. */
export const equalDigests = (a: string, b: string): boolean =>
  a.length === b.length && timingSafeEqual(Buffer.from(a), Buffer.from(b));
