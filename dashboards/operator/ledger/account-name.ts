import type { Messages } from '../messages/zh.ts';

/** `store-payable:stor_…` in words: whose money it is, and at which store. An account that we do not know keeps its own name. */
export function accountName(
  account: string,
  words: Messages['ledger'],
  storeName: (id: string) => string | undefined,
  communityName: (id: string) => string | undefined = () => undefined,
): string {
  if (account === 'provider-cash:platform') return words.platformCash;
  if (account === 'platform-income') return words.platformIncome;
  if (account === 'deferred-income') return words.deferredIncome;
  const [kind, owner = ''] = account.split(':');
  if (kind === 'provider-cash') return words.storeCash(storeName(owner) ?? owner);
  if (kind === 'store-payable') return words.storePayable(storeName(owner) ?? owner);
  if (kind === 'owners-payable') return words.ownersPayable(communityName(owner) ?? owner);
  if (kind === 'management-payable') return words.managementPayable(communityName(owner) ?? owner);
  return kind === 'buyer-unapplied' ? words.buyerUnapplied : account;
}
