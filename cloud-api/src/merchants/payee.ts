import type { Reads } from '../platform/db/store.ts';
import { keyBox, type KeyBox } from '../platform/keys/key-box.ts';
import { platformOwner, type Signer } from '../platform/keys/signer.ts';
import { payee as payeeShape } from './sign-up-contract.ts';
import type { Payee } from './rules.ts';

const boxOf = async (q: Reads, signer: Signer): Promise<KeyBox> =>
  keyBox(await signer.derive(q, 'payment', platformOwner, 'merchant-payee'));

/** Seals where a merchant's money goes, for this merchant: under another id it does not open. */
export async function sealPayee(q: Reads, signer: Signer, merchantId: string, payee: Payee): Promise<string> {
  return (await boxOf(q, signer)).seal(merchantId, Buffer.from(JSON.stringify(payee)));
}

export async function openPayee(q: Reads, signer: Signer, merchantId: string, sealed: string): Promise<Payee> {
  return payeeShape.parse(JSON.parse((await boxOf(q, signer)).open(merchantId, sealed).toString('utf8')));
}
