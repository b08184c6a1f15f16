import { createHmac } from 'node:crypto';
import type { InstantMs } from '@gatecast/firmware-protocol';
import type { Reads } from '../platform/db/store.ts';
import { platformOwner, type Signer } from '../platform/keys/signer.ts';
import { codeOf } from './offer-rules.ts';

const addressTagLength = 22;

/** The code of an offer at a moment, the same each time: it is stored nowhere, and told again. */
export async function offerCode(
  q: Reads,
  signer: Signer,
  { identityKey, codeMadeAt }: { readonly identityKey: string; readonly codeMadeAt: InstantMs },
): Promise<string> {
  const key = await signer.derive(q, 'challenge', platformOwner, 'offer-code');
  return codeOf(createHmac('sha256', key).update(`${identityKey}|${codeMadeAt}`).digest());
}

/** Stands for a network address where offers are counted; null if nobody says where a machine asks from. */
export async function addressTag(q: Reads, signer: Signer, address: string | undefined): Promise<string | null> {
  if (address === undefined) return null;
  const key = await signer.derive(q, 'phone-index', platformOwner, 'offer-address');
  return createHmac('sha256', key).update(address).digest('base64url').slice(0, addressTagLength);
}
