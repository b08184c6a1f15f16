import { and, desc, eq, inArray, lt } from 'drizzle-orm';
import type { Reads } from '../platform/db/store.ts';

export type RunRow = Reads['t']['commissioningRuns']['$inferSelect'];
export type ItemRow = Reads['t']['commissioningItems']['$inferSelect'];

export async function newestRun(q: Reads, terminalId: string): Promise<RunRow | undefined> {
  const [row] = await listRuns(q, terminalId, undefined, 1);
  return row;
}

export async function listRuns(
  q: Reads,
  terminalId: string,
  before: number | undefined,
  limit: number,
): Promise<RunRow[]> {
  const t = q.t.commissioningRuns;
  return q
    .select()
    .from(t)
    .where(and(eq(t.terminalId, terminalId), before === undefined ? undefined : lt(t.no, before)))
    .orderBy(desc(t.no))
    .limit(limit);
}

export async function itemsOfRun(q: Reads, runs: readonly number[]): Promise<ItemRow[]> {
  if (runs.length === 0) return [];
  const t = q.t.commissioningItems;
  return q
    .select()
    .from(t)
    .where(inArray(t.run, [...runs]));
}
