import { createHmac } from 'node:crypto';
import type { Reads } from '../platform/db/store.ts';
import { platformOwner, type Signer } from '../platform/keys/signer.ts';

/** Keyed hashes that find phones without storing them, in the order of the phones. */
export async function phoneTags(q: Reads, signer: Signer, phones: readonly string[]): Promise<string[]> {
  const key = await signer.derive(q, 'phone-index', platformOwner, 'phone');
  return phones.map((phone) => createHmac('sha256', key).update(phone).digest('base64url'));
}
