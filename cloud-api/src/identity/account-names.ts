import { inArray } from 'drizzle-orm';
import type { Reads } from '../platform/db/store.ts';

/** Names of accounts by their ids, for lists that say who did something. An account that is gone has none. */
export async function accountNames(
  q: Reads,
  accountIds: readonly (string | null)[],
): Promise<ReadonlyMap<string, string>> {
  const ids = [...new Set(accountIds)].filter((id) => id !== null);
  if (ids.length === 0) return new Map();
  const t = q.t.accounts;
  const found = await q.select({ id: t.id, name: t.name }).from(t).where(inArray(t.id, ids));
  return new Map(found.map(({ id, name }) => [id, name]));
}
