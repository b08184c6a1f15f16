import { minutes } from '@gatecast/firmware-protocol';
import { and, asc, eq, lte } from 'drizzle-orm';
import type { InstantMs } from '@gatecast/firmware-protocol';
import type { Reads } from '../platform/db/store.ts';
import type { Platform } from '../platform/platform.ts';
import type { Review } from './review.ts';

const lookEveryMs = minutes(1);
const expireMax = 500;

/** Takes clips off the screens whose approval is over. Terminals end it to the second by themselves: their manifest says until when. */
export function expireApprovals({ jobs, store, clock }: Platform, review: Review): void {
  jobs.handle('clips.expire', {
    everyMs: lookEveryMs,
    async run() {
      for (const id of await dueApprovals(store.read, clock.now())) await store.tx((q) => review.expire(q, id, 'over'));
    },
  });
}

async function dueApprovals(q: Reads, now: InstantMs): Promise<string[]> {
  const t = q.t.clips;
  const rows = await q
    .select({ id: t.id })
    .from(t)
    .where(and(eq(t.status, 'approved'), lte(t.approvedUntil, now)))
    .orderBy(asc(t.approvedUntil))
    .limit(expireMax);
  return rows.map(({ id }) => id);
}
