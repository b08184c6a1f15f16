import type { PlaceOf } from '../../kit/console/account/invite-dialog.tsx';
import { joinAt } from '../../kit/console/account/join-address.ts';
import { TeamPage, type InvitableRole } from '../../kit/console/account/team-page.tsx';
import { useReadPages } from '../../kit/api/api-context.tsx';
import { useMessages } from '../messages/zh.ts';

const roles: readonly InvitableRole[] = [
  'operator',
  'property',
  'guard',
  'merchant',
  'store-staff',
  'leader',
  'supplier',
];
const all = { query: { limit: 200 } } as const;

/** The operator brings in anybody, and says for which party. */
export function OperatorTeam() {
  const m = useMessages().parties;
  const { items: companies } = useReadPages('GET /v1/property-companies', all);
  const { items: communities } = useReadPages('GET /v1/communities', all);
  const { items: merchants } = useReadPages('GET /v1/merchants', all);
  const { items: suppliers } = useReadPages('GET /v1/suppliers', all);
  const stores = merchants.flatMap((merchant) => merchant.stores);
  const placeOf: PlaceOf = (role) => {
    switch (role) {
      case 'operator':
        return null;
      case 'property':
      case 'guard':
        return { field: 'companyId', label: m.company, options: companies };
      case 'merchant':
        return { field: 'merchantId', label: m.merchants, options: merchants };
      case 'store-staff':
        return { field: 'storeId', label: m.storeName, options: stores };
      case 'leader':
        return { field: 'communityId', label: m.community, options: communities };
      case 'supplier':
        return { field: 'supplierId', label: m.suppliers, options: suppliers };
    }
  };
  return <TeamPage roles={roles} joinAt={joinAt} communities={[]} placeOf={placeOf} />;
}
