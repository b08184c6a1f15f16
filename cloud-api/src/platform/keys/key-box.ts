import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import { chmodSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';

const masterBytes = 32;

/** Seals keys at rest with the master key: AES-256-GCM, nonce (12) | text | tag (16), bound to the key's id. */
export interface KeyBox {
  seal(kid: string, secret: Buffer): string;
  /** Throws if it was sealed by another master key, under another id, or changed. */
  open(kid: string, sealed: string): Buffer;
}

/** Reads the master key, or makes one that only the owner can read on the very first start. */
export function keyBoxFromFile(path: string): KeyBox {
  mkdirSync(dirname(path), { recursive: true });
  try {
    writeFileSync(path, `${randomBytes(masterBytes).toString('base64url')}\n`, { mode: 0o600, flag: 'wx' });
    chmodSync(path, 0o600);
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error;
  }
  const master = Buffer.from(readFileSync(path, 'utf8').trim(), 'base64url');
  if (master.length !== masterBytes) throw new Error(`${path} holds no master key (${masterBytes} bytes as base64url)`);
  return keyBox(master);
}

export function keyBox(master: Buffer): KeyBox {
  return {
    seal(kid, secret) {
      const nonce = randomBytes(12);
      const cipher = createCipheriv('aes-256-gcm', master, nonce).setAAD(Buffer.from(kid));
      return Buffer.concat([nonce, cipher.update(secret), cipher.final(), cipher.getAuthTag()]).toString('base64url');
    },
    open(kid, sealed) {
      const bytes = Buffer.from(sealed, 'base64url');
      const decipher = createDecipheriv('aes-256-gcm', master, bytes.subarray(0, 12)).setAAD(Buffer.from(kid));
      decipher.setAuthTag(bytes.subarray(-16));
      return Buffer.concat([decipher.update(bytes.subarray(12, -16)), decipher.final()]);
    },
  };
}
