import { eq } from 'drizzle-orm';
import type { Account } from '../platform/auth.ts';
import type { Reads, Tx } from '../platform/db/store.ts';
import { notFound } from '../platform/errors.ts';
import { once, type Call } from '../platform/idempotency.ts';
import type { Platform } from '../platform/platform.ts';
import type { PersonalData } from '../platform/privacy.ts';
import { forgetImported, importedOf } from './imports/store.ts';
import type { PeopleDesk } from './people.ts';
import { findResident } from './resident-store.ts';

export interface Erasure {
  /** Also of somebody who was erased. Rejects with `not-found`. */
  communityOfResident(q: Reads, residentId: string): Promise<string>;
  /**
   * Takes back every right, then forgets the person in every slice. What is left is an id: orders keep their amounts under it, the journal's
   * chain verifies without it. A second time changes nothing.
   */
  eraseResident(who: Account, residentId: string, call: Call): Promise<void>;
}

/** The same inside a transaction of an import that is taken back. */
export async function eraseIn(
  q: Tx,
  { privacy }: Platform,
  people: PeopleDesk,
  who: Account | 'system',
  residentId: string,
): Promise<void> {
  // First, while the account still says which phone is theirs.
  await forgetImported(q, residentId);
  const found = await findResident(q, residentId);
  if (found?.state === 'active') await people.leave(q, who, [found], 'resident.erase');
  await privacy.erase(q, residentId);
}

export function createErasure(platform: Platform, people: PeopleDesk): Erasure {
  const { store, clock, audit, privacy } = platform;
  privacy.register(residentData);
  return {
    async communityOfResident(q, residentId) {
      const t = q.t.residents;
      const [row] = await q.select({ communityId: t.communityId }).from(t).where(eq(t.id, residentId));
      if (!row) throw notFound('resident');
      return row.communityId;
    },
    eraseResident: (who, residentId, call) =>
      store.tx((q) =>
        once(q, clock, call, async () => {
          if (!(await findResident(q, residentId))) return;
          await eraseIn(q, platform, people, who, residentId);
          await audit(q, { who, action: 'resident.erased', subject: residentId });
        }),
      ),
  };
}

const residentData: PersonalData = {
  name: 'communities',
  async export(q, residentId) {
    const found = await findResident(q, residentId);
    if (!found) return [];
    // Not whether there is a PIN for under threat: a file is read over a shoulder, and by the operator.
    const { id: _, communityId, unitId: __, hasDuressPin: ___, ...record } = found;
    const t = q.t.communities;
    const [community] = await q.select({ name: t.name }).from(t).where(eq(t.id, communityId));
    return [
      {
        heading: { zh: '住户资料', en: 'The property’s record of me' },
        items: [{ community: community?.name ?? '', ...record }],
      },
      { heading: { zh: '导入表格中的我', en: 'Me in imported files' }, items: await importedOf(q, residentId) },
    ];
  },
  async erase(q, residentId) {
    const t = q.t.residents;
    await q.update(t).set({ guardianId: null }).where(eq(t.guardianId, residentId));
    await q.update(t).set(nobody).where(eq(t.id, residentId));
  },
};

/** A row that says nothing of anybody. */
const nobody: Partial<Reads['t']['residents']['$inferInsert']> = {
  state: 'erased',
  unitId: '',
  name: '',
  phoneMasked: '',
  place: '',
  searchText: '',
  relation: 'family',
  hasPin: false,
  hasDuressPin: false,
  isChild: false,
  leaseEndsOn: null,
  movedInOn: null,
  movedOutAt: null,
  guardianId: null,
  openMs: null,
};
