import type { Messages } from '../messages/zh.ts';

/** `store-payable:stor_…` in words: whose money it is, and at which store. An account that we do not know keeps its own name. */
export function accountName(
  account: string,
  words: Messages['ledger'],
  storeName: (id: string) => string | undefined,
): string {
  if (account === 'provider-cash:platform') return words.platformCash;
  if (account === 'platform-income') return words.platformIncome;
  const [kind, owner = ''] = account.split(':');
  if (kind === 'provider-cash') return words.storeCash(storeName(owner) ?? owner);
  if (kind === 'store-payable') return words.storePayable(storeName(owner) ?? owner);
  return kind === 'buyer-unapplied' ? words.buyerUnapplied : account;
}
