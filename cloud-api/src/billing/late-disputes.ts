import type { InstantMs } from '@gatecast/firmware-protocol';
import { and, asc, count, eq, lt } from 'drizzle-orm';
import type { Sign } from '../fleet/alarms/watch-rules.ts';
import type { Reads } from '../platform/db/store.ts';

/** From how many on late disputes are one alarm. */
const apartMax = 20;

/** Disputed bills that nobody has decided in time: an alarm each, so that each has somebody who takes it; very many are one. */
export async function lateDisputeSigns(q: Reads, now: InstantMs): Promise<Sign[]> {
  const t = q.t.disputes;
  const isLate = and(eq(t.status, 'open'), lt(t.dueAt, now));
  const late = await q
    .select({ id: t.id, invoiceId: t.invoiceId, since: t.dueAt })
    .from(t)
    .where(isLate)
    .orderBy(asc(t.dueAt))
    .limit(apartMax + 1);
  const [oldest] = late;
  if (!oldest) return [];
  const alike = { kind: 'dispute-overdue', terminalId: null, communityId: null, terminals: 0 } as const;
  if (late.length > apartMax) {
    const [all] = await q.select({ n: count() }).from(t).where(isLate);
    return [{ ...alike, since: oldest.since, facts: { disputes: all?.n ?? 0 } }];
  }
  return late.map(({ id, invoiceId, since }) => ({
    ...alike,
    subject: id,
    since,
    facts: { dispute: id, invoice: invoiceId },
  }));
}
