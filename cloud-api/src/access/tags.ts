import { createHmac, createSecretKey } from 'node:crypto';
import type { Reads } from '../platform/db/store.ts';
import type { Signer } from '../platform/keys/signer.ts';
import { pinEpoch } from './rules.ts';

/** How the terminals of a community know what was typed or shown: `text` is a preimage of firmware-protocol. */
export type Tagger = (text: string) => string;

/** Reads the key once, so that many texts can be tried. */
export async function taggerOf(q: Reads, signer: Signer, communityId: string): Promise<Tagger> {
  const key = createSecretKey(await signer.derive(q, 'code-root', communityId, `pin-key|${pinEpoch}`));
  return (text) => createHmac('sha256', key).update(text).digest('base64url');
}
