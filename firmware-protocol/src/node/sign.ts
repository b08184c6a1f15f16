import { createPrivateKey, createPublicKey, generateKeyPairSync, sign, verify, type KeyObject } from 'node:crypto';

/** PKCS#8 and SPKI prefixes of raw 32-byte keys (RFC 8410). */
const prefixes = {
  ed25519: { private: '302e020100300506032b657004220420', public: '302a300506032b6570032100' },
  x25519: { private: '302e020100300506032b656e04220420', public: '302a300506032b656e032100' },
} as const;
type Curve = keyof typeof prefixes;

/** Raw 32-byte halves as base64url, the form in which keys travel and rest. */
export interface RawKeyPair {
  readonly publicKey: string;
  readonly privateKey: string;
}

export function newKeyPair(curve: Curve): RawKeyPair {
  const pair = curve === 'ed25519' ? generateKeyPairSync('ed25519') : generateKeyPairSync('x25519');
  const last32 = (der: Buffer) => der.subarray(-32).toString('base64url');
  return {
    publicKey: last32(pair.publicKey.export({ format: 'der', type: 'spki' })),
    privateKey: last32(pair.privateKey.export({ format: 'der', type: 'pkcs8' })),
  };
}

const der = (prefix: string, raw: string) => Buffer.concat([Buffer.from(prefix, 'hex'), Buffer.from(raw, 'base64url')]);

export function privateKeyOf(curve: Curve, raw: string): KeyObject {
  return createPrivateKey({ key: der(prefixes[curve].private, raw), format: 'der', type: 'pkcs8' });
}

export function publicKeyOf(curve: Curve, raw: string): KeyObject {
  return createPublicKey({ key: der(prefixes[curve].public, raw), format: 'der', type: 'spki' });
}

/** What is signed always starts with its context, so that a signature for one purpose is void for any other. */
const inContext = (context: string, text: string) => Buffer.from(`${context}\n${text}`);

/** Ed25519 signature over `context`, a line feed and `text`, as base64url. */
export function signText(key: KeyObject, context: string, text: string): string {
  return sign(null, inContext(context, text), key).toString('base64url');
}

export function verifyText(key: KeyObject, context: string, text: string, signature: string): boolean {
  return verify(null, inContext(context, text), key, Buffer.from(signature, 'base64url'));
}
