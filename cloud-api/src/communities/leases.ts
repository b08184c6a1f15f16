import { setImmediate as nextTurn } from 'node:timers/promises';
import { after, days, localTime, minutes, type InstantMs } from '@gatecast/firmware-protocol';
import { and, asc, eq, lt } from 'drizzle-orm';
import type { Reads } from '../platform/db/store.ts';
import type { Platform } from '../platform/platform.ts';
import { isLeaseOver } from './lease.ts';
import type { PeopleDesk } from './people.ts';
import { findResidents } from './resident-store.ts';

/** Lists of doors are made anew once for each batch. */
const batchMax = 50;
/** No zone is further ahead of UTC. */
const aheadMaxMs = days(1);

/**
 * Moves people out when their lease is over: at midnight in their community's zone, or as soon as the program runs again. The doors knew it
 * before: the credentials themselves end then.
 */
export function endLeases({ store, clock, jobs }: Platform, people: PeopleDesk): void {
  jobs.handle('communities.end-leases', {
    everyMs: minutes(1),
    async run(_, { signal }) {
      for (const ids of await overLeases(store.read, clock.now())) {
        signal.throwIfAborted();
        await store.tx(async (q) => {
          // Looked at again: somebody may have got a longer lease, or have left, since.
          const still = new Set((await overLeases(q, clock.now())).flat());
          const residents = await findResidents(
            q,
            ids.filter((id) => still.has(id)),
          );
          await people.leave(q, 'system', residents, 'resident.lease-ended');
        });
        await nextTurn();
      }
    },
  });
}

/** Those whose lease is over and who have not left, each batch of one community. */
async function overLeases(q: Reads, now: InstantMs): Promise<string[][]> {
  const { residents: t, communities } = q.t;
  const latest = localTime(after(now, aheadMaxMs), 'UTC').date;
  const found = await q
    .select({ id: t.id, communityId: t.communityId, leaseEndsOn: t.leaseEndsOn, zone: communities.zone })
    .from(t)
    .innerJoin(communities, eq(communities.id, t.communityId))
    .where(and(eq(t.state, 'active'), lt(t.leaseEndsOn, latest)))
    .orderBy(asc(t.communityId), asc(t.id));
  const over = found.filter(({ leaseEndsOn, zone }) => isLeaseOver(leaseEndsOn, now, zone));
  return [...Map.groupBy(over, ({ communityId }) => communityId).values()].flatMap((own) => {
    const ids = own.map(({ id }) => id);
    return Array.from({ length: Math.ceil(ids.length / batchMax) }, (_, n) =>
      ids.slice(n * batchMax, (n + 1) * batchMax),
    );
  });
}
