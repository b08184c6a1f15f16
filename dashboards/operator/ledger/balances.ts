import type { LedgerEntry } from '@gatecast/cloud-api/client';

export interface Balance {
  readonly account: string;
  readonly balanceFen: number;
}

/** What the entries add up to by account, the largest amounts first; a complete double-entry ledger adds up to zero. */
export function balancesOf(entries: readonly Pick<LedgerEntry, 'account' | 'amountFen'>[]): Balance[] {
  const sums = new Map<string, number>();
  for (const { account, amountFen } of entries) sums.set(account, (sums.get(account) ?? 0) + amountFen);
  return [...sums]
    .map(([account, balanceFen]) => ({ account, balanceFen }))
    .toSorted((a, b) => Math.abs(b.balanceFen) - Math.abs(a.balanceFen));
}
