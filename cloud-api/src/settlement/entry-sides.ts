import { invariant } from '@gatecast/firmware-protocol';
import { accounts, type EntryKind } from './rules.ts';
import type { Payment } from './store.ts';

/** What the movements of a payment are called in the ledger. */
interface Kinds {
  readonly paid: EntryKind;
  readonly refunded: EntryKind;
}
const entryKinds: Readonly<Record<'booking' | 'order', Kinds>> = {
  booking: { paid: 'slot-payment', refunded: 'slot-refund' },
  order: { paid: 'order-payment', refunded: 'order-refund' },
};
/** Of money that came too late, twice or wrong. */
export const unapplied: Kinds = { paid: 'unapplied-payment', refunded: 'unapplied-refund' };

export function kindsOf({ subjectKind }: Payment): Kinds {
  invariant(subjectKind === 'booking' || subjectKind === 'order', 'a payment is for a known kind');
  return entryKinds[subjectKind];
}

/** Where paid money waits for what it was paid for. */
export const owedOf = ({ storeId }: Payment): string =>
  storeId === null ? accounts.deferredIncome : accounts.storePayable(storeId);

export const cashOf = ({ storeId }: Payment): string => cashAt(storeId);
/** Of a store, or of the platform. */
export const cashAt = (storeId: string | null): string =>
  storeId === null ? accounts.platformCash : accounts.storeCash(storeId);
