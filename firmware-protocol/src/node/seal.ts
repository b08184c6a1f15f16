import { createCipheriv, createDecipheriv, diffieHellman, hkdfSync, randomBytes } from 'node:crypto';
import { DomainError } from '../units/errors.ts';
import { newKeyPair, privateKeyOf, publicKeyOf } from './sign.ts';

/**
 * A box that only the holder of an X25519 key can open: ephemeral public key (32) | nonce (12) | AES-256-GCM text and tag,
 * as base64url. The key is HKDF-SHA256 over the shared secret, salted with both public keys, with `purpose` as info
 * (the shape of RFC 9180's base mode).
 */
export function seal(recipient: string, purpose: string, text: Uint8Array): string {
  const ephemeral = newKeyPair('x25519');
  const secret = diffieHellman({
    privateKey: privateKeyOf('x25519', ephemeral.privateKey),
    publicKey: publicKeyOf('x25519', recipient),
  });
  const nonce = randomBytes(12);
  const cipher = createCipheriv('aes-256-gcm', boxKey(secret, ephemeral.publicKey, recipient, purpose), nonce);
  const sealed = Buffer.concat([cipher.update(text), cipher.final(), cipher.getAuthTag()]);
  return Buffer.concat([Buffer.from(ephemeral.publicKey, 'base64url'), nonce, sealed]).toString('base64url');
}

/** Opens a box. Throws DomainError `cannot-unseal` if it was made for another key or purpose, or was changed. */
export function unseal(pair: { publicKey: string; privateKey: string }, purpose: string, box: string): Buffer {
  const bytes = Buffer.from(box, 'base64url');
  try {
    const ephemeral = bytes.subarray(0, 32).toString('base64url');
    const secret = diffieHellman({
      privateKey: privateKeyOf('x25519', pair.privateKey),
      publicKey: publicKeyOf('x25519', ephemeral),
    });
    const key = boxKey(secret, ephemeral, pair.publicKey, purpose);
    const decipher = createDecipheriv('aes-256-gcm', key, bytes.subarray(32, 44));
    decipher.setAuthTag(bytes.subarray(-16));
    return Buffer.concat([decipher.update(bytes.subarray(44, -16)), decipher.final()]);
  } catch (cause) {
    throw new DomainError('cannot-unseal', 'the sealed key is not for this terminal or was changed', {}, { cause });
  }
}

function boxKey(secret: Buffer, ephemeral: string, recipient: string, purpose: string): Buffer {
  const salt = Buffer.concat([Buffer.from(ephemeral, 'base64url'), Buffer.from(recipient, 'base64url')]);
  return Buffer.from(hkdfSync('sha256', secret, salt, `gatecast-seal-v1|${purpose}`, 32));
}

/** Purposes of the sealed keys that a terminal receives. */
export const pinKeyPurpose = (epoch: number): string => `pin-key|${epoch}`;
/** Of the key of the typed pass codes that begin in one week (`passEpoch`). */
export const codeKeyPurpose = (epoch: number): string => `code-key|${epoch}`;
export const shortLinkKeyPurpose = 'short-link-key';
