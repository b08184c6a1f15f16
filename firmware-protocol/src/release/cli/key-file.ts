import { createPrivateKey, createPublicKey, generateKeyPairSync } from 'node:crypto';
import { readFile, stat, writeFile } from 'node:fs/promises';
import { updateKeyFile, type UpdateKey } from '../../messages/software.ts';
import { DomainError } from '../../units/errors.ts';
import { updateKeyOf, type SigningKey } from '../update-keys.ts';

/** The public half, in the form that terminals and the cloud read. */
export const publicFileOf = (path: string): string => `${path}.pub.json`;

/**
 * A new Ed25519 key: `path` is PKCS #8 in PEM, for its owner alone, encrypted if there is a passphrase; beside it the public half.
 * Rejects with `key-exists` rather than write over anything.
 */
export async function newKeyFile(path: string, passphrase: string | undefined): Promise<UpdateKey> {
  const { privateKey, publicKey } = generateKeyPairSync('ed25519');
  const cipher = passphrase === undefined ? {} : { cipher: 'aes-256-cbc', passphrase };
  const pem = privateKey.export({ type: 'pkcs8', format: 'pem', ...cipher });
  const key = updateKeyOf(rawOf(publicKey.export({ type: 'spki', format: 'der' })));
  await writeNew(path, pem, 0o600);
  await writeNew(publicFileOf(path), `${JSON.stringify({ v: 1, keys: [key] }, undefined, 2)}\n`, 0o644);
  return key;
}

/** The last 32 bytes of an SPKI are the key itself (RFC 8410). */
const rawOf = (spki: Buffer): string => spki.subarray(-32).toString('base64url');

async function writeNew(path: string, content: string | Buffer, mode: number): Promise<void> {
  try {
    await writeFile(path, content, { flag: 'wx', mode });
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EEXIST')
      throw new DomainError('key-exists', `${path} is there already; a key is never written over`);
    throw error;
  }
}

/** Rejects with `key-exposed` if others may read the file, and with `key-unreadable`. */
export async function readKeyFile(path: string, passphrase: string | undefined): Promise<SigningKey> {
  const { mode } = await stat(path);
  if ((mode & 0o077) !== 0)
    throw new DomainError('key-exposed', `others on this machine may read ${path}; make its mode 0600`);
  const pem = await readFile(path);
  try {
    const privateKey = createPrivateKey({ key: pem, format: 'pem', ...(passphrase !== undefined && { passphrase }) });
    if (privateKey.asymmetricKeyType !== 'ed25519') throw new Error(`a ${privateKey.asymmetricKeyType} key`);
    const spki = createPublicKey(privateKey).export({ type: 'spki', format: 'der' });
    return { ...updateKeyOf(rawOf(spki)), privateKey };
  } catch (cause) {
    const hint = passphrase === undefined ? '; is it encrypted?' : '; is the passphrase right?';
    throw new DomainError('key-unreadable', `${path} is no Ed25519 key that can be read${hint}`, {}, { cause });
  }
}

/** Public keys, as `update-keys.json` has them. Rejects with `keys-unreadable`. */
export async function readPublicKeys(path: string): Promise<readonly UpdateKey[]> {
  try {
    return updateKeyFile.parse(JSON.parse(await readFile(path, 'utf8'))).keys;
  } catch (cause) {
    if (cause instanceof Error && 'code' in cause && cause.code === 'ENOENT') throw cause;
    throw new DomainError('keys-unreadable', `${path} holds no public update keys`, {}, { cause });
  }
}
