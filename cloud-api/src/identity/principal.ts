import type { Account } from '../platform/auth.ts';
import type { AccountRow } from './store.ts';

/** An account row as who is asking. A row whose scope is missing stands for nobody. */
export function principalOf(row: AccountRow, by: Pick<Account, 'sessionId' | 'scopes'>): Account | undefined {
  const { role, scopeId, storeId, residentId, communityIds } = row;
  const base = { kind: 'account' as const, accountId: row.id, ...by };
  if (role === 'operator') return { ...base, role };
  if (scopeId === null) return undefined;
  switch (role) {
    case 'property':
      return { ...base, role, companyId: scopeId };
    case 'guard':
      return { ...base, role, companyId: scopeId, communityIds };
    case 'merchant':
      return { ...base, role, merchantId: scopeId };
    case 'store-staff':
      return storeId === null ? undefined : { ...base, role, merchantId: scopeId, storeId };
    case 'leader':
      return { ...base, role, communityId: scopeId };
    case 'supplier':
      return { ...base, role, supplierId: scopeId };
    case 'resident':
      return residentId === null ? undefined : { ...base, role, residentId, communityId: scopeId };
  }
}
