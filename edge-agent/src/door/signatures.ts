import { createPublicKey, verify, type KeyObject } from 'node:crypto';
import { phoneCodePreimage, type PhoneCode, type ReadPass } from '@gatecast/firmware-protocol/pass';

/** True if one of the issuers, Ed25519, has signed the pass. */
export const isIssued = ({ signed, signature }: ReadPass, issuers: readonly KeyObject[]): boolean =>
  issuers.some((issuer) => verify(null, signed, issuer, signature));

/** True if the phone whose key is the point (`x`, `y` odd or even) on P-256 has signed the code; r and s as WebCrypto writes them. */
export function isOfPhone(
  code: PhoneCode & { readonly signature: Uint8Array },
  { tag, isOdd }: { readonly tag: Uint8Array; readonly isOdd: boolean },
): boolean {
  const key = p256Key(tag, isOdd);
  if (!key) return false;
  return verify('sha256', phoneCodePreimage(code), { key, dsaEncoding: 'ieee-p1363' }, code.signature);
}

/** SubjectPublicKeyInfo of a point on P-256 (RFC 5480), up to the point itself. */
const spkiPrefix = Buffer.from('3039301306072a8648ce3d020106082a8648ce3d030107032200', 'hex');
/** How a compressed point begins, by its `y` (SEC 1, 2.3.3). */
const compressed = { even: 2, odd: 3 } as const;

/** Undefined for an `x` that is of no point on the curve. */
function p256Key(x: Uint8Array, isOdd: boolean): KeyObject | undefined {
  const sign = Uint8Array.of(isOdd ? compressed.odd : compressed.even);
  try {
    return createPublicKey({ key: Buffer.concat([spkiPrefix, sign, x]), format: 'der', type: 'spki' });
  } catch {
    // OpenSSL finds no such point: nobody can sign for it.
    return undefined;
  }
}
