import { newId, type Clock } from '@gatecast/firmware-protocol';
import type { Tx } from '../platform/db/store.ts';
import { refusal } from '../platform/errors.ts';
import type { InvitedRole } from './contract.ts';
import * as rows from './store.ts';

export interface NewAccount {
  readonly role: InvitedRole;
  /** Null for operators alone. */
  readonly scopeId: string | null;
  readonly email: string;
  /** Of `hashNewPassword`. */
  readonly passwordHash: string;
  readonly name: string;
  readonly storeId?: string | null;
  readonly companyId?: string | null;
  readonly communityIds?: readonly string[] | null;
}
/** Its id. Rejects with `email-taken`. */
export async function insertAccount(q: Tx, clock: Clock, account: NewAccount): Promise<string> {
  const email = account.email.toLowerCase();
  await requireFreeEmail(q, email);
  const id = newId('account');
  await q.insert(q.t.accounts).values({ ...account, email, id, createdAt: clock.now() });
  return id;
}

/** Rejects with `email-taken`. */
export async function requireFreeEmail(q: Tx, email: string): Promise<void> {
  if (await rows.findAccount(q, { email: email.toLowerCase() })) {
    throw refusal('email-taken', 'there is an account with this e-mail address');
  }
}
