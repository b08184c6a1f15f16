import { fromBase45, toBase45 } from './base45.ts';
import { packCredentialId, packedIdBytes, unpackCredentialId } from './packed-id.ts';

/**
 * The code on a resident's phone: new every half minute, signed by a key that the phone's browser made and cannot give away (ECDSA on P-256 with
 * SHA-256, as WebCrypto signs). A door takes each counter of a phone once.
 *
 * `GP1:` and base 45 of: version 1 (1 byte), credential (13), step (4), counter (4), signature (64, r and s).
 */
export interface PhoneCode {
  readonly credential: string;
  /** Half minutes since 1970 in UTC. */
  readonly step: number;
  /** Rises by one with each code that the phone shows. */
  readonly counter: number;
}

export const phoneStepMs = 30_000;
export const phoneStep = (at: number): number => Math.floor(at / phoneStepMs);
const prefix = 'GP1:';
const version = 1;
const signatureBytes = 64;
const headBytes = 1 + packedIdBytes + 4 + 4;

/** What the phone signs. */
export const phoneCodePreimage = ({ credential, step, counter }: PhoneCode): Uint8Array<ArrayBuffer> =>
  new TextEncoder().encode(`gatecast-phone-code-v1|${credential}|${step}|${counter}`);

export function encodePhoneCode({ credential, step, counter }: PhoneCode, signature: Uint8Array): string {
  const bytes = new Uint8Array(headBytes + signatureBytes);
  const view = new DataView(bytes.buffer);
  bytes[0] = version;
  bytes.set(packCredentialId(credential), 1);
  view.setUint32(1 + packedIdBytes, step);
  view.setUint32(5 + packedIdBytes, counter);
  bytes.set(signature, headBytes);
  return prefix + toBase45(bytes);
}

/** Undefined for any other text; whether the signature is the phone's is for the reader to say. */
export function readPhoneCode(text: string): (PhoneCode & { readonly signature: Uint8Array }) | undefined {
  const bytes = text.startsWith(prefix) ? fromBase45(text.slice(prefix.length)) : undefined;
  if (bytes?.length !== headBytes + signatureBytes || bytes[0] !== version) return undefined;
  const credential = unpackCredentialId(bytes.subarray(1, 1 + packedIdBytes));
  const view = new DataView(bytes.buffer, bytes.byteOffset);
  return (
    credential && {
      credential,
      step: view.getUint32(1 + packedIdBytes),
      counter: view.getUint32(5 + packedIdBytes),
      signature: bytes.subarray(headBytes),
    }
  );
}
