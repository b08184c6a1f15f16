import { newId } from '@gatecast/firmware-protocol';
import { and, eq, inArray, isNotNull } from 'drizzle-orm';
import type { Tx, Reads } from '../platform/db/store.ts';
import { refusal } from '../platform/errors.ts';
import type { Platform } from '../platform/platform.ts';
import { writtenAt, type PersonalData } from '../platform/privacy.ts';
import { phoneTags } from './phone-tag.ts';

export interface NewResidentAccount {
  readonly residentId: string;
  readonly communityId: string;
  readonly name: string;
  readonly phoneTag: string;
}

/** The accounts with which residents sign in: one a phone, for as long as they live there. */
export interface ResidentAccounts {
  /** Keyed hashes that find phones without storing them, in the order of the phones. */
  phoneTags(q: Reads, phones: readonly string[]): Promise<readonly string[]>;
  /** Rejects with `phone-taken` if any of the phones is. */
  create(q: Tx, accounts: readonly NewResidentAccount[]): Promise<void>;
  /** Which of the phones have an account, and whose it is. */
  residentsOf(q: Reads, phoneTags: readonly string[]): Promise<ReadonlyMap<string, string | null>>;
  rename(q: Tx, residentId: string, name: string): Promise<void>;
  /** Another phone ends the sessions of the one before. Rejects with `phone-taken`. */
  changePhone(q: Tx, account: NewResidentAccount): Promise<void>;
  /** Signs them out everywhere and frees their phones for whoever has them next. */
  release(q: Tx, residentIds: readonly string[]): Promise<void>;
}

export function createResidentAccounts({ clock, privacy, signer }: Platform): ResidentAccounts {
  privacy.register(accountData);

  const residentsOf: ResidentAccounts['residentsOf'] = async (q, phoneTags) => {
    if (phoneTags.length === 0) return new Map();
    const { accounts: t } = q.t;
    const found = await q
      .select({ tag: t.phoneTag, residentId: t.residentId })
      .from(t)
      .where(and(inArray(t.phoneTag, [...phoneTags]), isNotNull(t.phoneTag)));
    return new Map(found.map(({ tag, residentId }) => [tag ?? '', residentId]));
  };
  const requireFree = async (q: Reads, phoneTags: readonly string[]) => {
    const taken = await residentsOf(q, phoneTags);
    if (taken.size > 0) throw refusal('phone-taken', 'there is a resident with this phone');
  };
  const create: ResidentAccounts['create'] = async (q, accounts) => {
    await requireFree(
      q,
      accounts.map(({ phoneTag }) => phoneTag),
    );
    const createdAt = clock.now();
    await q.insertMany(
      q.t.accounts,
      accounts.map(({ residentId, communityId, name, phoneTag }) => ({
        id: newId('account'),
        role: 'resident' as const,
        scopeId: communityId,
        residentId,
        name,
        phoneTag,
        createdAt,
      })),
    );
  };

  return {
    phoneTags: (q, phones) => phoneTags(q, signer, phones),
    create,
    residentsOf,
    async rename(q, residentId, name) {
      await q.update(q.t.accounts).set({ name }).where(eq(q.t.accounts.residentId, residentId));
    },
    async changePhone(q, account) {
      const { residentId, phoneTag } = account;
      const own = await residentsOf(q, [phoneTag]);
      if (own.get(phoneTag) === residentId) return;
      await requireFree(q, [phoneTag]);
      await endSessions(q, [residentId]);
      const changed = await q
        .update(q.t.accounts)
        .set({ phoneTag })
        .where(eq(q.t.accounts.residentId, residentId))
        .returning({ id: q.t.accounts.id });
      if (changed.length === 0) await create(q, [account]);
    },
    async release(q, residentIds) {
      await endSessions(q, residentIds);
      await q
        .update(q.t.accounts)
        .set({ phoneTag: null })
        .where(inArray(q.t.accounts.residentId, [...residentIds]));
    },
  };
}

async function accountsOf(
  q: Reads,
  residentIds: readonly string[],
): Promise<{ id: string; phoneTag: string | null }[]> {
  const t = q.t.accounts;
  return q
    .select({ id: t.id, phoneTag: t.phoneTag })
    .from(t)
    .where(inArray(t.residentId, [...residentIds]));
}

async function endSessions(q: Tx, residentIds: readonly string[]): Promise<void> {
  const own = await accountsOf(q, residentIds);
  const ids = own.map(({ id }) => id);
  const tags = own.flatMap(({ phoneTag }) => phoneTag ?? []);
  if (ids.length > 0) {
    await q.delete(q.t.sessions).where(inArray(q.t.sessions.accountId, ids));
    await q.delete(q.t.sessionLinks).where(inArray(q.t.sessionLinks.accountId, ids));
  }
  if (tags.length > 0) await q.delete(q.t.smsCodes).where(inArray(q.t.smsCodes.phoneTag, tags));
}

const accountData: PersonalData = {
  name: 'identity',
  async export(q, residentId) {
    const { accounts, sessions } = q.t;
    const mine = eq(accounts.residentId, residentId);
    const account = await q
      .select({ name: accounts.name, createdAt: accounts.createdAt, phoneTag: accounts.phoneTag })
      .from(accounts)
      .where(mine);
    const open = await q
      .select({ createdAt: sessions.createdAt, expiresAt: sessions.expiresAt })
      .from(sessions)
      .innerJoin(accounts, eq(accounts.id, sessions.accountId))
      .where(mine);
    return [
      {
        heading: { zh: '登录账号', en: 'Account' },
        items: account.map(({ name, createdAt, phoneTag }) => ({
          name,
          createdAt: writtenAt(createdAt),
          signsInBy: phoneTag === null ? 'nothing any more' : 'texted code',
        })),
      },
      {
        heading: { zh: '已登录的设备', en: 'Signed-in devices' },
        items: open.map(({ createdAt, expiresAt }) => ({ since: writtenAt(createdAt), until: writtenAt(expiresAt) })),
      },
    ];
  },
  async erase(q, residentId) {
    await endSessions(q, [residentId]);
    for (const { id } of await accountsOf(q, [residentId])) {
      // What the person's own requests were answered with is kept for repeats, and may name them.
      await q.delete(q.t.idempotency).where(eq(q.t.idempotency.actor, id));
      await q.delete(q.t.accounts).where(eq(q.t.accounts.id, id));
    }
  },
};
