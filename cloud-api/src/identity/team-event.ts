import type { Tx } from '../platform/db/store.ts';
import type { Platform } from '../platform/platform.ts';

interface Member {
  readonly id: string;
  readonly role: string;
  readonly scopeId: string | null;
  /** Of a leader, whose scope is the community. */
  readonly companyId: string | null;
}

/** Somebody came to a team or changed in it: told on the pages of whoever leads it. */
export async function tellTeam({ events }: Platform, q: Tx, { id, role, scopeId, companyId }: Member): Promise<void> {
  const company = companyId ?? (role === 'guard' || role === 'property' ? scopeId : null);
  const merchant = role === 'merchant' || role === 'store-staff' ? scopeId : null;
  await events.emit(q, {
    type: 'team',
    subject: id,
    ...(company === null ? {} : { companyId: company }),
    ...(merchant === null ? {} : { merchantId: merchant }),
  });
}
