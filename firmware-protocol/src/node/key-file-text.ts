import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import { z } from 'zod';
import { CONFIGURATION_ADDRESS } from '../osdp/frame/frame.ts';
import { fromHex, toHex } from '../osdp/frame/hex.ts';
import type { StoredKey } from '../osdp/secure/key-store.ts';

/** Keys by address. */
export type DeviceKeys = ReadonlyMap<number, StoredKey>;

/** Stands in clear before the sealed part and is authenticated with it: what the file is, and how it is sealed. */
const HEADER = Buffer.from('gatecast-osdp-keys-v1\n');
const NONCE_BYTES = 12;
const TAG_BYTES = 16;

const hexKey = z.string().regex(/^[0-9A-F]{32}$/);
const entry = z.object({
  address: z
    .int()
    .min(0)
    .max(CONFIGURATION_ADDRESS - 1),
  current: hexKey.optional(),
  next: hexKey.optional(),
  serial: z.int().min(0).optional(),
});
const entries = z.array(entry).max(CONFIGURATION_ADDRESS);

/** Header | nonce (12) | AES-256-GCM text and tag, the header as additional data. `sealingKey` has 32 bytes. */
export function sealKeys(sealingKey: Uint8Array, keys: DeviceKeys): Uint8Array {
  const text = JSON.stringify([...keys].map(([address, key]) => toEntry(address, key)));
  const nonce = randomBytes(NONCE_BYTES);
  const cipher = createCipheriv('aes-256-gcm', sealingKey, nonce).setAAD(HEADER);
  return Buffer.concat([HEADER, nonce, cipher.update(text), cipher.final(), cipher.getAuthTag()]);
}

/** Throws if the bytes were sealed with another key, were changed, or are something else. */
export function unsealKeys(sealingKey: Uint8Array, bytes: Uint8Array): DeviceKeys {
  const sealedAt = HEADER.length + NONCE_BYTES;
  const decipher = createDecipheriv('aes-256-gcm', sealingKey, bytes.subarray(HEADER.length, sealedAt), {
    authTagLength: TAG_BYTES,
  });
  decipher.setAAD(bytes.subarray(0, HEADER.length)).setAuthTag(bytes.subarray(-TAG_BYTES));
  const text = Buffer.concat([decipher.update(bytes.subarray(sealedAt, -TAG_BYTES)), decipher.final()]).toString();
  if (!HEADER.equals(bytes.subarray(0, HEADER.length))) {
    throw new Error('sealed for another purpose');
  }
  return new Map(entries.parse(JSON.parse(text)).map(({ address, ...key }) => [address, toStoredKey(key)]));
}

function toEntry(address: number, { current, next, serial }: StoredKey): z.input<typeof entry> {
  return { address, current: current && toHex(current), next: next && toHex(next), serial };
}

function toStoredKey({ current, next, serial }: Omit<z.output<typeof entry>, 'address'>): StoredKey {
  const bytes = (text: string | undefined) => (text === undefined ? undefined : fromHex(text));
  return { current: bytes(current), next: bytes(next), ...(serial === undefined ? {} : { serial }) };
}
