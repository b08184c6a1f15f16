import { and, eq, ne } from 'drizzle-orm';
import type { Reads } from '../platform/db/store.ts';

/** True if another operator than this one could act. */
export async function hasColleague(q: Reads, accountId: string): Promise<boolean> {
  const t = q.t.accounts;
  const found = await q
    .select({ id: t.id })
    .from(t)
    .where(and(eq(t.role, 'operator'), eq(t.state, 'active'), ne(t.id, accountId)))
    .limit(1);
  return found.length > 0;
}
