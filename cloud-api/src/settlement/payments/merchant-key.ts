import { createPrivateKey, generateKeyPair, type KeyObject } from 'node:crypto';
import { promisify } from 'node:util';
import type { Clock } from '@gatecast/firmware-protocol';
import { invariant } from '@gatecast/firmware-protocol';
import { eq } from 'drizzle-orm';
import type { Reads, Store } from '../../platform/db/store.ts';
import { keyBox } from '../../platform/keys/key-box.ts';
import { platformOwner, type Signer } from '../../platform/keys/signer.ts';

export interface MerchantKey {
  readonly privateKey: KeyObject;
  readonly publicKeyPem: string;
  /** Opens the provider's callbacks: 32 ASCII characters, as its form for the key wants. */
  readonly apiV3Key: string;
}

const generate = promisify(generateKeyPair);
const rsaBits = 2_048;
const apiV3KeyChars = 32;

/** Our key at a provider, made the first time and kept sealed in the database, so that every process signs with the same one. */
export async function merchantKey(store: Store, signer: Signer, clock: Clock, provider: string): Promise<MerchantKey> {
  const known = await findKey(store.read, provider);
  const row = known ?? (await makeKey(store, signer, clock, provider));
  const box = keyBox(await signer.derive(store.read, 'payment', platformOwner, 'merchant-key'));
  const pem = box.open(provider, row.sealed).toString('utf8');
  const secret = await signer.derive(store.read, 'payment', platformOwner, 'api-v3-key');
  return {
    privateKey: createPrivateKey(pem),
    publicKeyPem: row.publicKeyPem,
    apiV3Key: secret.toString('base64url').slice(0, apiV3KeyChars),
  };
}

async function findKey(q: Reads, provider: string) {
  const [row] = await q.select().from(q.t.paymentKeys).where(eq(q.t.paymentKeys.provider, provider));
  return row;
}

async function makeKey(store: Store, signer: Signer, clock: Clock, provider: string) {
  const pair = await generate('rsa', { modulusLength: rsaBits });
  const pem = pair.privateKey.export({ type: 'pkcs8', format: 'pem' });
  const publicKeyPem = pair.publicKey.export({ type: 'spki', format: 'pem' }).toString();
  return store.tx(async (q) => {
    const box = keyBox(await signer.derive(q, 'payment', platformOwner, 'merchant-key'));
    const sealed = box.seal(provider, Buffer.from(pem));
    await q
      .insert(q.t.paymentKeys)
      .values({ provider, publicKeyPem, sealed, createdAt: clock.now() })
      .onConflictDoNothing();
    // Another process may have been faster; its key counts.
    const row = await findKey(q, provider);
    invariant(row, 'the key was just stored');
    return row;
  });
}
