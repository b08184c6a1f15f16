import { after, hours, instant, type InstantMs } from '@gatecast/firmware-protocol';
import { and, desc, eq, gte, inArray, lt } from 'drizzle-orm';
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

/** Somebody proves a door at it: half-open. */
export interface TestSpan {
  readonly terminalId: string;
  readonly from: InstantMs;
  readonly to: InstantMs;
}

/** A run that nobody signs is over all the same: a door is proven in an hour or two. */
const runMsMax = hours(4);

/** When these terminals were being tested by who installs them, as far as that overlaps with the span. */
export async function testSpans(
  q: Reads,
  terminalIds: readonly string[],
  between: { readonly from: InstantMs; readonly to: InstantMs },
): Promise<TestSpan[]> {
  if (terminalIds.length === 0) return [];
  const t = q.t.commissioningRuns;
  const runs = await q
    .select()
    .from(t)
    .where(
      and(
        inArray(t.terminalId, [...terminalIds]),
        gte(t.startedAt, instant(between.from - runMsMax)),
        lt(t.startedAt, between.to),
      ),
    );
  return runs.map(({ terminalId, startedAt, signedAt }) => {
    const end = after(startedAt, runMsMax);
    return { terminalId, from: startedAt, to: signedAt === null ? end : instant(Math.min(signedAt, end)) };
  });
}

export async function itemsOfRun(q: Reads, runs: readonly number[]): Promise<ItemRow[]> {
  if (runs.length === 0) return [];
  const t = q.t.commissioningItems;
  return q
    .select()
    .from(t)
    .where(inArray(t.run, [...runs]));
}
